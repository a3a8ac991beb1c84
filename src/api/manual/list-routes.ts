/** The manual's calls that only look: the list, one backup, the statistics and the audit log. */

import type { FastifyInstance } from 'fastify'

import type { BackupSet } from '../../catalog/contract.ts'
import { identityOfSet } from '../../controller/verdicts.ts'
import { canonicalBackupId } from '../../domain/backup-id.ts'
import { toRfc3339 } from '../../domain/clock.ts'
import type { Target } from '../../domain/target.ts'
import type { RestoreMark } from '../../store/audit-page.ts'
import type { VerificationRecord } from '../../store/upkeep.ts'
import { callerOf, EVERY_TARGET, mayAct } from '../caller.ts'
import { manualBackup, type KnownOfBackup } from './backup-entry.ts'
import { backupFor, targetsFor, type BackupParams, type ManualDoor } from './context.ts'
import { AUDIT_LOGS, GET, LIST, STATS, type SORTS } from './schemas.ts'

interface ListQuery {
  readonly type?: string
  readonly status?: string
  readonly limit: number
  readonly offset: number
  readonly sort: (typeof SORTS)[number]
  readonly order: 'asc' | 'desc'
  readonly target?: string
}

interface Listed {
  readonly target: Target
  readonly set: BackupSet
}

export function addListRoutes(app: FastifyInstance, door: ManualDoor): void {
  const marks = restoreMarks(door)

  app.get<{ Querystring: ListQuery }>('/backups', { schema: LIST }, async (request) => {
    const { type = '', status = '', limit, offset, sort, order, target } = request.query
    const targets = targetsFor(door, callerOf(request), 'viewer', target)
    const all = await listed(door, targets)
    const chosen = all.filter(
      ({ set }) =>
        (type === '' || set.type === type) && (status === '' ? set.status !== 'deleted' : set.status === status),
    )
    const page = sorted(chosen, sort, order, targets.length > 1).slice(offset, offset + limit)
    const known = whatIsKnown(door, marks)
    const backups = await Promise.all(
      page.map(async (each) => manualBackup(each.target, each.set, each.set.id, await known(each))),
    )
    return { message: 'Backups retrieved successfully', data: { total: chosen.length, backups } }
  })

  app.get<{ Querystring: { readonly target?: string } }>('/backups/stats', { schema: STATS }, async (request) => {
    const all = await listed(door, targetsFor(door, callerOf(request), 'viewer', request.query.target))
    const present = all.map(({ set }) => set).filter(({ status }) => status !== 'deleted')
    const good = present.filter(({ status }) => status === 'success')
    const latest = sorted(all, 'created_at', 'desc', true).find(({ set }) => set.status === 'success')?.set
    return {
      message: 'Backup statistics retrieved successfully',
      data: {
        total_backups: present.length,
        successful_backups: good.length,
        failed_backups: present.filter(({ status }) => status === 'failure').length,
        total_size_bytes: good.reduce((sum, set) => sum + (set.db === null ? 0 : set.dbSizeBytes), 0),
        latest_backup:
          latest === undefined
            ? null
            : {
                backup_id: latest.id,
                backup_type: latest.type,
                created_at: toRfc3339(latest.createdAtMs),
                file_size: latest.db === null ? null : latest.dbSizeBytes,
              },
      },
    }
  })

  app.get<{ Querystring: AuditQuery }>('/backups/audit-logs', { schema: AUDIT_LOGS }, (request) => {
    const { operation, status, backup_id: backupId, limit, offset, target } = request.query
    const caller = callerOf(request)
    const names = targetsFor(door, caller, 'viewer', target).map(({ name }) => name)
    const { total, records } = door.reader.auditPage({
      targets: target === undefined && mayAct(caller, 'viewer', EVERY_TARGET) ? [...names, ''] : names,
      limit,
      offset,
      ...(operation === undefined ? {} : { operation }),
      ...(status === undefined ? {} : { status }),
      ...(backupId === undefined ? {} : { backupId: canonicalBackupId(backupId) }),
    })
    return {
      message: 'Audit logs retrieved successfully',
      data: {
        total,
        audit_logs: records.map((record) => ({
          id: record.id,
          operation: record.operation,
          backup_id: record.backupId,
          username: record.actor,
          status: record.status,
          error_message: record.status === 'failure' ? record.message : null,
          created_at: record.at,
          target: record.target,
          request: record.request,
          message: record.message,
        })),
      },
    }
  })

  app.get<BackupParams>('/backups/:id', { schema: GET }, async (request) => {
    const { id } = request.params
    const named = { id, target: request.query.target }
    const { target, set } = await backupFor(door, callerOf(request), 'viewer', named)
    return {
      message: 'Backup retrieved successfully',
      data: manualBackup(target, set, id, await whatIsKnown(door, marks)({ target, set })),
    }
  })
}

interface AuditQuery {
  readonly operation?: string
  readonly status?: string
  readonly backup_id?: string
  readonly limit: number
  readonly offset: number
  readonly target?: string
}

async function listed(door: ManualDoor, targets: readonly Target[]): Promise<readonly Listed[]> {
  const lists = await Promise.all(
    targets.map(async (target) => (await door.backups.list(target)).sets.map((set) => ({ target, set }))),
  )
  return lists.flat()
}

type Key = string | number

const KEYS: Readonly<Record<(typeof SORTS)[number], (set: BackupSet) => Key>> = {
  created_at: ({ createdAtMs }) => createdAtMs,
  backup_id: ({ id }) => id,
  backup_type: ({ type }) => type,
  file_size: ({ db, dbSizeBytes }) => (db === null ? -1 : dbSizeBytes),
  status: ({ status }) => status,
}

/** A listing comes newest first, those of the future last; equal ones keep that order. */
function sorted(
  all: readonly Listed[],
  sort: (typeof SORTS)[number],
  order: 'asc' | 'desc',
  ofSeveral: boolean,
): readonly Listed[] {
  if (sort === 'created_at' && order === 'desc' && !ofSeveral) return all
  const key = KEYS[sort]
  const sign = order === 'asc' ? 1 : -1
  return [...all].sort((a, b) => sign * compare(key(a.set), key(b.set)))
}

function compare(a: Key, b: Key): number {
  return a < b ? -1 : Number(a > b)
}

/** The verdicts are read once; whether one speaks of the bytes that lie there now is asked for each set. */
function whatIsKnown(
  { reader }: ManualDoor,
  marks: (of: Listed) => RestoreMark | undefined,
): (of: Listed) => Promise<KnownOfBackup> {
  const verdicts = new Map<string, ReadonlyMap<string, VerificationRecord>>()
  return async ({ target, set }) => {
    const ofTarget =
      verdicts.get(target.name) ??
      new Map(reader.upkeep.verifications(target.name).map((record) => [record.backupId, record]))
    verdicts.set(target.name, ofTarget)
    const verdict = ofTarget.get(set.id)
    const counts = verdict !== undefined && verdict.identity === (await identityOfSet(set))
    return { lastRestore: marks({ target, set }), verdict: counts ? verdict : undefined }
  }
}

/** The last restore of each backup; asked anew once something was audited. */
function restoreMarks({ reader }: ManualDoor): (of: Listed) => RestoreMark | undefined {
  let head = -1
  let known = new Map<string, ReadonlyMap<string, RestoreMark>>()
  return ({ target, set }) => {
    const now = reader.auditHead()?.id ?? 0
    if (now !== head) {
      head = now
      known = new Map()
    }
    const marks = known.get(target.name) ?? reader.lastRestores(target.name)
    known.set(target.name, marks)
    return marks.get(set.id)
  }
}
