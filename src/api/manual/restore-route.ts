/**
 * The manual's restore (4.2 step 4). It makes a RestoreRequest like any other and waits for its end: whatever becomes of
 * the client, its connection or this process, the request has a status and is carried to its end.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { findBackup } from '../../catalog/resolve.ts'
import { warningBeforeRestore } from '../../controller/unacknowledged.ts'
import { rateVerdict } from '../../controller/rate-limit.ts'
import { madeUpName } from '../../controller/request-name.ts'
import { asRestoreError, RestoreError } from '../../domain/errors.ts'
import { ERRORS, LOG_LINES } from '../../domain/messages.ts'
import { isTerminal } from '../../domain/phases.ts'
import { API_VERSION, REQUEST_KIND, type RestoreManifest } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StoredRequest } from '../../store/rows.ts'
import { requireProof, type ProofDoor } from '../auth/restore-proof.ts'
import { actorOf, callerOf, type Caller } from '../caller.ts'
import { API_PREFIX } from '../protocol.ts'
import { until } from '../request-feed.ts'
import { warn } from '../warning.ts'
import { ambiguous, targetsFor, type BackupParams, type ManualDoor } from './context.ts'
import { confirmationRequired, limited, ManualRefusal, requestFailed, stopping } from './refusals.ts'
import { RESTORE } from './schemas.ts'

/** Of `spec.requestedBy`. Who acts is recorded whole, as proven. */
const LONGEST_REQUESTED_BY = 128

interface RestoreCall {
  readonly Params: BackupParams['Params']
  readonly Querystring: BackupParams['Querystring']
  readonly Body: { readonly confirm?: boolean; readonly backup_current?: boolean; readonly reason?: string } | undefined
}

export interface RestoreDoor extends ManualDoor, ProofDoor {
  /** Told of a restore that was refused for the limit of its target. */
  readonly limited?: (target: string) => void
  /** Rejects with a RestoreError `InvalidSpec`. */
  readonly parseManifest: (text: string) => Promise<RestoreManifest>
  /** What `confirm` is where a call leaves it out; absent: false. */
  readonly confirmDefault?: () => boolean
}

export function addRestoreRoute(app: FastifyInstance, door: RestoreDoor): void {
  const ends = new AbortController()
  app.addHook('preClose', (done) => {
    ends.abort(stopping())
    done()
  })

  // Who may not restore learns nothing of what is wrong with the call.
  const preValidation = async (request: FastifyRequest<RestoreCall>): Promise<void> => {
    targetsFor(door, callerOf(request), 'admin', request.query.target)
    request.body ??= {}
    return Promise.resolve()
  }

  app.post<RestoreCall>('/backups/:id/restore', { schema: RESTORE, preValidation }, async (request, reply) => {
    const caller = callerOf(request)
    const { id } = request.params
    const targets = targetsFor(door, caller, 'admin', request.query.target)
    const { confirm = door.confirmDefault?.() ?? false, backup_current: backupCurrent = true } = request.body ?? {}
    if (!confirm) throw confirmationRequired()
    const target = await targetOf(door, targets, id)
    requireProof(door, request, id)
    const { reason = '' } = request.body ?? {}
    const manifest = await manifestOf(door, target, caller, { backupId: id, backupCurrent, reason: reason.trim() })
    // No await between these looks and the submission. What changes afterwards the reconciler sees, and says so below.
    refuseBusy(door, target)
    warn(reply, warningBeforeRestore(door.reader, manifest.spec))
    const submitted = door.commands.submit(manifest, actorOf(caller))
    const location = `${API_PREFIX}/restorerequests/${submitted.name}`
    reply.header('location', location)
    if (wantsNoWait(request)) {
      reply.header('preference-applied', 'respond-async')
      return accepted(reply, id, submitted, 'Restore accepted')
    }
    const ended = await outcome(door, submitted, caller, ends.signal)
    if (!isTerminal(ended.phase)) return accepted(reply, id, ended, ended.status.message ?? 'the request waits')
    if (ended.phase !== 'Succeeded') throw requestFailed(ended)
    return {
      message: LOG_LINES.restoreCompleted,
      data: {
        status: 'success',
        restored_from: id,
        backup_before_restore: ended.status.safetyBackup?.path ?? null,
        integrity_check: 'passed',
        message: LOG_LINES.pleaseReload,
      },
    }
  })
}

/** Of several targets the one that has the backup; of one alone it is for the request to find out. */
async function targetOf(door: ManualDoor, targets: readonly Target[], id: string): Promise<Target> {
  const [first, ...others] = targets
  if (first !== undefined && others.length === 0) return first
  const found: { readonly target: Target }[] = []
  let missing: unknown
  for (const target of targets) {
    try {
      findBackup(await door.backups.list(target), id)
      found.push({ target })
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'BackupNotFound') throw error
      missing ??= error
    }
  }
  const [only, another] = found
  if (only === undefined) throw missing
  if (another !== undefined) throw ambiguous(id, found)
  return only.target
}

interface Wanted {
  readonly backupId: string
  readonly backupCurrent: boolean
  /** Empty: nobody has given one. */
  readonly reason: string
}

/** As any other door would read it, so that the same defaults and the same limits hold. */
async function manifestOf(
  { parseManifest, clock }: RestoreDoor,
  target: Target,
  caller: Caller,
  { backupId, backupCurrent, reason }: Wanted,
): Promise<RestoreManifest> {
  const document = {
    apiVersion: API_VERSION,
    kind: REQUEST_KIND,
    metadata: { name: madeUpName(target.name, clock.nowMs()) },
    spec: {
      target: target.name,
      source: { backupId },
      confirm: true,
      backupCurrent,
      requestedBy: caller.name.slice(0, LONGEST_REQUESTED_BY),
      reason: reason === '' ? `POST /api/v1/backups/${backupId}/restore`.slice(0, 200) : reason,
    },
  }
  try {
    return await parseManifest(JSON.stringify(document))
  } catch (error) {
    if (asRestoreError(error, 'InternalError').reason !== 'InvalidSpec' || /^[!-~]{1,128}$/.test(backupId)) throw error
    throw new RestoreError(ERRORS.backupNotFound(backupId), { reason: 'BackupNotFound', cause: error })
  }
}

/** Whoever is refused has made no request: one that runs an hour after a 409 is not what was asked for. */
function refuseBusy({ reader, clock, ...door }: RestoreDoor, target: Target): void {
  const running = reader.running(target.name)
  if (running !== undefined) throw busy(target, running)
  const { allowedAtMs } = rateVerdict(reader, target, clock.nowMs())
  if (allowedAtMs === null) return
  door.limited?.(target.name)
  throw limited(target, allowedAtMs - clock.nowMs())
}

function busy(target: Target, running: StoredRequest): RestoreError {
  return new RestoreError(`a restore of ${target.name} is running: ${running.name} (${running.phase})`, {
    reason: 'Conflict',
    hint: `wait for its end: modosu wait ${running.name}`,
  })
}

function wantsNoWait({ headers }: FastifyRequest<RestoreCall>): boolean {
  return /(?:^|[\s,;])respond-async(?:$|[\s,;])/i.test([headers['prefer'] ?? ''].flat().join(','))
}

function accepted(reply: FastifyReply, id: string, { name }: StoredRequest, message: string): FastifyReply {
  const data = { status: 'in_progress', restored_from: id, request: name, message }
  return reply.status(202).send({ message: 'Restore accepted', data })
}

/**
 * The request once it has ended, or once only a person can let it go on (an approval, a hold). One that another restore
 * overtook between the look and its start is called off, as if it had been refused at once.
 */
async function outcome(
  door: RestoreDoor,
  { name, uid }: StoredRequest,
  caller: Caller,
  stops: AbortSignal,
): Promise<StoredRequest> {
  const { feed, reader, commands, clock } = door
  let calledOff: RestoreError | null = null
  for (;;) {
    const seen = await until(feed, name, () => answerable(reader.request(name), uid, calledOff !== null), stops)
    if (isTerminal(seen.phase)) {
      if (seen.phase === 'Cancelled' && calledOff !== null) throw calledOff
      return seen
    }
    const target = door.targets().find((each) => each.name === seen.spec.target)
    const running = reader.running(seen.spec.target)
    if (target === undefined) return seen
    if (seen.status.reason === 'RateLimited') {
      calledOff = limited(target, (rateVerdict(reader, target, clock.nowMs()).allowedAtMs ?? 0) - clock.nowMs())
    } else if (seen.status.reason === 'Queued' && running !== undefined) {
      calledOff = busy(target, running)
    } else {
      return seen
    }
    try {
      commands.cancel(name, actorOf(caller), calledOff.message)
    } catch (error) {
      // It has begun after all: then its end is the answer.
      if (asRestoreError(error, 'InternalError').reason !== 'Conflict') throw error
    }
  }
}

/** A wait that ends by itself is waited for: another target's restore, a retry. */
const WAITS_FOR_OTHERS: ReadonlySet<string> = new Set(['Queued', 'RateLimited'])
const WAITS_FOR_PEOPLE: ReadonlySet<string> = new Set([
  'ApprovalRequired',
  'ChecklistRequired',
  'NoHistory',
  'StateRolledBack',
  'Suspended',
  'TargetUnavailable',
  'UnknownTarget',
])

function answerable(request: StoredRequest | undefined, uid: string, calledOff: boolean): StoredRequest | undefined {
  if (request?.uid !== uid) {
    throw new ManualRefusal(410, { error: 'the request of this call is no more', message: 'Gone' })
  }
  if (isTerminal(request.phase)) return request
  const { reason = '' } = request.status
  if (request.phase !== 'Pending' || calledOff) return undefined
  return WAITS_FOR_OTHERS.has(reason) || WAITS_FOR_PEOPLE.has(reason) ? request : undefined
}
