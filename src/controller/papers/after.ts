/** What the program knows of the checklist after a restore (manual 11). */

import { existsSync } from 'node:fs'

import { toRfc3339 } from '../../domain/clock.ts'
import { SUCCESS } from '../../domain/papers/checklist-words.ts'
import type { Finding } from '../../domain/papers/checklist.ts'
import type { CheckResult } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { ChecklistSources } from './checklist-sources.ts'

const BY_HAND: Finding = { fulfilled: null, evidence: '' }
/** The tables behind the pages that the manual opens; the application calls its changes otherwise (manual 11). */
const INCIDENTS = ['incidents']
const CHANGES = ['changes', 'change_requests', 'rfc']
const USERS = ['users']

export function findingsAfter(sources: ChecklistSources, request: StoredRequest, target: Target): readonly Finding[] {
  return [
    succeeded(request),
    reloaded(request, target),
    loggedIn(request, target),
    counted(request, target, INCIDENTS),
    counted(request, target, CHANGES),
    counted(request, target, USERS),
    BY_HAND,
    audited(sources, request, target),
    safetyBackup(request),
    scheduled(sources),
  ]
}

function found(fulfilled: boolean, evidence: string): Finding {
  return { fulfilled, evidence }
}

function succeeded({ phase }: StoredRequest): Finding {
  return phase === 'Succeeded' ? found(true, SUCCESS) : found(false, `the request is in phase ${phase}`)
}

function reloaded({ status }: StoredRequest, { healthCheck }: Target): Finding {
  if (healthCheck === null) return BY_HAND
  const health = status.checks.findLast(({ name }) => name === 'health')
  return health === undefined
    ? found(false, 'the health check was not asked')
    : found(health.result === 'pass', health.message)
}

/**
 * A login that works is proof. One that does not is none of the opposite: the restored database has the passwords of its time,
 * the account's among them. A person looks then.
 */
function loggedIn({ status }: StoredRequest, { loginProbe }: Target): Finding {
  if (loginProbe === undefined) return BY_HAND
  const login = status.checks.findLast(({ name }) => name === 'login')
  if (login === undefined) return { fulfilled: null, evidence: 'the login probe was not asked' }
  return login.result === 'pass' ? found(true, login.message) : { fulfilled: null, evidence: login.message }
}

/** The smoke query of that name, or over that table. What was asked again after records were carried over counts last. */
function counted({ status }: StoredRequest, { smokeQueries }: Target, tables: readonly string[]): Finding {
  const query = smokeQueries.find(
    ({ name, sql }) =>
      tables.includes(name.toLowerCase()) ||
      tables.some((table) => new RegExp(`\\bfrom\\s+["\`[]?${table}\\b`, 'i').test(sql)),
  )
  if (query === undefined) return BY_HAND
  const asked = status.checks.filter(({ name, message }) => name === 'smoke' && speaksOf(message, query.name))
  if (asked.length === 0) return found(false, `the smoke query ${query.name} was not asked`)
  const bad = asked.find(({ result }: CheckResult) => result !== 'pass')
  return found(bad === undefined, (bad ?? asked[0])?.message ?? '')
}

function speaksOf(message: string, query: string): boolean {
  return message.startsWith(`${query}: `) || message.includes(`: ${query}: `)
}

function audited({ reader }: ChecklistSources, request: StoredRequest, { backups }: Target): Finding {
  const record = reader
    .auditOf(request.name)
    .findLast(({ operation, details }) => operation === 'restore' && details['uid'] === request.uid)
  if (record === undefined) return found(false, 'the audit log has no record of the restore')
  const failed = reader.events({ request: request.name }).findLast(({ reason }) => reason === 'AuditMirrorFailed')
  if (backups.auditTable !== null && failed !== undefined) {
    return found(false, `the application's audit table was not written: ${failed.message}`)
  }
  return found(true, `audit record ${record.id} of ${record.at}`)
}

function safetyBackup({ status, spec, work }: StoredRequest): Finding {
  const path = status.safetyBackup?.path
  if (path !== undefined) return existsSync(path) ? found(true, path) : found(false, `it is gone: ${path}`)
  if (!spec.backupCurrent) return found(false, 'waived: backupCurrent is false')
  if (work.current?.exists === false) return found(true, 'there was no database to save')
  return found(false, 'none was made')
}

/** The program's own jobs. */
function scheduled({ reader, clock }: ChecklistSources): Finding {
  const jobs = reader.upkeep.jobs()
  if (jobs.length === 0) return BY_HAND
  const next = jobs.filter(({ nextRunMs }) => nextRunMs !== null && nextRunMs > clock.nowMs())
  if (next.length === 0) return found(false, 'no run is scheduled; look: systemctl status modosu')
  return found(true, next.map(({ job, nextRunMs }) => `${job}: ${toRfc3339(nextRunMs ?? 0)}`).join(', '))
}
