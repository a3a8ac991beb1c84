/**
 * What the daemon does first when it starts: every unfinished request is brought to where it can go on. Before the swap
 * that is the beginning; from the moment when the application was stopped, it is the phase itself, which finds out by
 * inode what had happened.
 */

import { existsSync } from 'node:fs'

import { lockPath } from '../database/place.ts'
import { mustRunToEnd } from '../domain/phases.ts'
import type { Log } from '../domain/log.ts'
import { acquireFileLock } from '../sandbox/file-lock.ts'
import type { StateStore } from '../store/store.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Reconciler } from './reconciler.ts'
import { discardTraces } from './stand-down.ts'

export async function recover(store: StateStore, reconciler: Reconciler, log: Log): Promise<string[]> {
  const unfinished = store.unfinished()
  // One that is held is not touched before somebody has approved it.
  for (const request of unfinished) if (!request.held) await recoverOne(store, reconciler, log, request)
  return unfinished.map((request) => request.name)
}

/** Brings one request that was found unfinished to where it can go on. */
export async function recoverOne(
  store: StateStore,
  reconciler: Reconciler,
  log: Log,
  request: StoredRequest,
): Promise<void> {
  if (request.phase === 'Pending') return
  const restarts = (request.work.restarts ?? 0) + 1
  log.warn(`found restore ${request.name} unfinished in phase ${request.phase}`, {
    request: request.name,
    uid: request.uid,
    target: request.spec.target,
    phase: request.phase,
    restarts,
  })
  if (mustRunToEnd(request.phase)) {
    reconciler.markRecovered(request.name)
    store.commit(request.name, recovered(request, { restarts }))
  } else {
    await beginAgain(store, request, restarts, log)
  }
}

/** The database is untouched: what was staged goes, and the request starts from its preflight. */
async function beginAgain(store: StateStore, request: StoredRequest, restarts: number, log: Log): Promise<void> {
  await discardTraces({ request, work: request.work })
  removeStaleLock(request.work.database, log)
  const { service, safety, hooksDone, rejectedCandidates } = request.work
  const kept = {
    restarts,
    ...(service === undefined ? {} : { service }),
    ...(safety === undefined ? {} : { safety }),
    ...(hooksDone === undefined ? {} : { hooksDone }),
    ...(rejectedCandidates === undefined ? {} : { rejectedCandidates }),
  }
  store.commit(request.name, {
    ...recovered(request, { restarts }),
    ...(request.phase === 'Preflight' ? {} : { to: 'Preflight' as const }),
    work: kept,
  })
}

/** The dead daemon's lock file; the request may be called off before it takes the lock again. Held by another, it stays. */
function removeStaleLock(database: string | undefined, log: Log): void {
  if (database === undefined || !existsSync(lockPath(database))) return
  try {
    acquireFileLock(lockPath(database))?.release({ remove: true })
  } catch (error) {
    log.warn('a lock file of the last run could not be removed', { err: error })
  }
}

function recovered(request: StoredRequest, { restarts }: { restarts: number }) {
  return {
    from: request.phase,
    reason: 'Recovered',
    message: `the daemon was restarted in phase ${request.phase}`,
    work: { ...request.work, restarts },
    events: [
      { type: 'Warning', reason: 'Recovered', message: `the daemon was restarted in phase ${request.phase}` } as const,
    ],
  }
}
