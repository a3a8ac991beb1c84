/** What was told of a restore, without what must differ from one to the next: names, times, hashes, and who asked by which door. */

import type { RequestResource } from '../../src/domain/resource-view.ts'
import type { AuditRecord } from '../../src/store/rows.ts'

type Json = Readonly<Record<string, unknown>>

export interface Told {
  readonly requests: readonly RequestResource[]
  readonly audit: readonly AuditRecord[]
  readonly booked: readonly Json[]
  readonly metrics: readonly string[]
}

interface Subject {
  readonly names: readonly string[]
  readonly target: string
  readonly folder: string
}

/** Who, by what door, when, and how long. */
const DIFFERS =
  /^(uid|specHash|origin|via|credential|address|userAgent|requestId|claimedName|file|actor|requestedBy|requestReason|reasonOfRequest|resourceVersion|id|at|previousHash|hash|username|user_id|created_at|submitter|approvers?|approvals)$|Time(stamp)?$|[dD]uration|Seconds$|Ms$|[sS]ha256$|Bytes(PerSecond)?$/
/** Counts, and gauges of what is so now; sums and buckets are times. */
const COUNTED =
  /^modosu_(\w+_total|\w+_count|requests|requests_waiting|unacknowledged_results|last_restore_success|rate_limit_remaining|restore_in_progress)\{/

export function toldBy(subject: Subject, { requests, audit, booked, metrics }: Told): object {
  const clean = (value: unknown): unknown => cleaned(value, subject)
  return {
    requests: requests.map(({ status }) => clean(status)),
    // In the order of the requests: between two of them the doors may differ in when they ask.
    audit: subject.names.flatMap((name) => audit.filter(({ request }) => request === name)).map(clean),
    booked: booked.map((row) => clean({ ...row, details: JSON.parse(String(row['details'])) as Json })),
    metrics: metrics
      .filter((line) => COUNTED.test(line) && !line.endsWith(' 0'))
      .map((line) => line.replaceAll(subject.target, 'TARGET')),
  }
}

function cleaned(value: unknown, subject: Subject): unknown {
  if (typeof value === 'string') return plain(value, subject)
  if (Array.isArray(value)) return value.map((each) => cleaned(each, subject))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !DIFFERS.test(key))
  return Object.fromEntries(entries.map(([key, each]) => [key, cleaned(each, subject)]))
}

function plain(text: string, { names, target, folder }: Subject): string {
  let result = text
  names.forEach((name, index) => (result = result.replaceAll(name, `REQUEST-${index + 1}`)))
  // The manual's call has no field for a reason, so it gives itself.
  return (
    result
      .replaceAll(/POST \/api\/v1\/backups\/[\w-]+\/restore/g, 'INC-1')
      .replaceAll(folder, 'FOLDER')
      .replaceAll(target, 'TARGET')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(Z|\+[\d:]+)/g, 'TIME')
      .replaceAll(/restore_safety_\d{14}(_\d+)?/g, 'SAFETY')
      .replaceAll(/\buid \d+( \([\w.-]+\))?|\b(bob|spool)\b/g, 'SUBMITTER')
      // Who has removed a file is not known.
      .replaceAll(/cancelled by SUBMITTER(: deleted)?|its file was removed from the SUBMITTER/g, 'CALLED OFF')
      .replaceAll(/[0-9a-f]{12,64}/g, 'HEX')
      .replaceAll(/\(\d+ attempts?\)/g, '(SOME ATTEMPTS)')
      .replaceAll(/\d+(\.\d+)? (ms|s|seconds|minutes)\b/g, 'SOME TIME')
  )
}
