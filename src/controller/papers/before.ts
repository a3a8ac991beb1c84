/**
 * What the program knows of the checklist before a restore (manual 10). As long as the request waits it looks; once the
 * restore has begun, what was recorded then counts, for the world is another one since.
 */

import { stat } from 'node:fs/promises'

import type { BackupSet } from '../../catalog/contract.ts'
import { codeOf, messageOf } from '../../domain/errors.ts'
import type { Finding } from '../../domain/papers/checklist.ts'
import { humanSize } from '../../domain/size.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { availableBytes, demandsOf } from '../preflight/space.ts'
import { meantBackup, type ChecklistSources } from './checklist-sources.ts'

/** A drill counts for so long: the shipped schedule has one each quarter. */
const DRILL_COUNTS_MS = 92 * 86_400_000

export async function findingsBefore(
  sources: ChecklistSources,
  request: StoredRequest,
  target: Target,
): Promise<readonly Finding[]> {
  const [identified, status, size, space, lost, backupId] =
    request.phase === 'Pending' ? await asItStands(sources, request, target) : asRecorded(request)
  return [
    loggedIn(request),
    identified,
    status,
    size,
    person(lost),
    person(''),
    space,
    rehearsed(sources, request, backupId),
    person(`section 7 of the manual; the way back: modosu rollback --target ${target.name}`),
    person(
      sources.contacts.length === 0
        ? 'section 12 of the manual'
        : sources.contacts.map(({ name, contact }) => `${name}: ${contact}`).join(', '),
    ),
  ]
}

type AboutBackup = readonly [
  identified: Finding,
  status: Finding,
  size: Finding,
  space: Finding,
  lost: string,
  backupId: string | null,
]

function person(evidence: string): Finding {
  return { fulfilled: null, evidence }
}

function found(fulfilled: boolean, evidence: string): Finding {
  return { fulfilled, evidence }
}

/** A restore is submitted by an admin, or by somebody who may write to the spool; the door has proven who that is. */
function loggedIn({ submitter }: StoredRequest): Finding {
  if (submitter === null) return found(false, 'nobody has proven who submitted the request')
  return found(true, `submitted by ${submitter.name}, as proven`)
}

async function asItStands(sources: ChecklistSources, request: StoredRequest, target: Target): Promise<AboutBackup> {
  let set: BackupSet
  try {
    set = await meantBackup(sources, target, request.spec.source)
  } catch (error) {
    const missing = found(false, messageOf(error))
    return [missing, missing, missing, missing, '', null]
  }
  const createdAt = toRfc3339(set.createdAtMs)
  return [
    found(true, `${set.id}, made at ${createdAt}`),
    found(set.status === 'success', `the status is ${set.status}`),
    found(set.db !== null && set.sizeBytes > 0, `${humanSize(set.sizeBytes)} (${set.sizeBytes} bytes)`),
    await spaceFor(request, target, set),
    `changes since ${createdAt} are lost`,
    set.id,
  ]
}

async function spaceFor({ spec }: StoredRequest, target: Target, set: BackupSet): Promise<Finding> {
  try {
    const current = await databaseBytes(target.database)
    const wanted = { backupCurrent: spec.backupCurrent, database: target.database, backups: target.backups.path }
    const demands = await demandsOf(wanted, set.sizeBytes, current)
    const texts: string[] = []
    let enough = true
    for (const { path, bytes } of demands) {
      const available = await availableBytes(path)
      if (available < bytes) enough = false
      texts.push(`${path}: ${humanSize(available)} free, ${humanSize(bytes)} needed`)
    }
    return found(enough, texts.join(', '))
  } catch (error) {
    return found(false, messageOf(error))
  }
}

/** null: there is none. */
async function databaseBytes(database: string): Promise<number | null> {
  const sizeOf = async (path: string): Promise<number | null> => {
    try {
      return (await stat(path)).size
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null
      throw error
    }
  }
  const main = await sizeOf(database)
  return main === null ? null : main + ((await sizeOf(`${database}-wal`)) ?? 0)
}

function asRecorded({ status, phase }: StoredRequest): AboutBackup {
  const { resolvedBackup, conditions, dataLoss } = status
  const preflight = conditions.find(({ type }) => type === 'PreflightPassed')
  const none = found(false, `nothing was recorded: the request is in phase ${phase}`)
  const passed = preflight === undefined ? none : found(preflight.status === 'True', preflight.message)
  const from = resolvedBackup?.createdAt ?? dataLoss?.from
  return [
    resolvedBackup === undefined
      ? none
      : found(true, `${resolvedBackup.backupId}, made at ${resolvedBackup.createdAt}`),
    passed,
    resolvedBackup === undefined
      ? none
      : found(
          resolvedBackup.sizeBytes > 0,
          `${humanSize(resolvedBackup.sizeBytes)} (${resolvedBackup.sizeBytes} bytes)`,
        ),
    passed,
    from === undefined ? '' : `changes since ${from} are lost`,
    resolvedBackup?.backupId ?? null,
  ]
}

/** A drill of this very backup that succeeded before the restore began. */
function rehearsed({ reader, clock }: ChecklistSources, { status }: StoredRequest, backupId: string | null): Finding {
  const untilMs = status.startTime === undefined ? clock.nowMs() : Date.parse(status.startTime)
  const drill = reader
    .outcomesAfter(0)
    .filter(({ mode, result }) => mode === 'Drill' && result === 'Succeeded')
    .findLast(({ request, uid, at }) => {
      const age = untilMs - Date.parse(at)
      if (backupId === null || age < 0 || age > DRILL_COUNTS_MS) return false
      const drilled = reader.request(request)
      return drilled?.uid === uid && drilled.status.resolvedBackup?.backupId === backupId
    })
  if (drill === undefined) return person('no drill of this backup is recorded: modosu restore --drill')
  return found(true, `the drill ${drill.request} succeeded at ${drill.at}`)
}
