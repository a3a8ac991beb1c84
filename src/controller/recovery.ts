/**
 * What the daemon does first when it starts: every unfinished request is brought to where it can go on. Before the swap
 * that is the beginning; from the moment when the application was stopped, it is the phase itself, which finds out by
 * inode what had happened.
 */

import { messageOf } from '../domain/errors.ts'
import { mustRunToEnd } from '../domain/phases.ts'
import type { Log } from '../domain/log.ts'
import type { RestoreWork } from '../domain/work.ts'
import type { StateStore } from '../store/store.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { Reconciler } from './reconciler.ts'
import { discardTraces } from './stand-down.ts'
import type { TargetLocks } from './target-locks.ts'

export interface Recovery {
  readonly store: StateStore
  readonly reconciler: Reconciler
  readonly locks: TargetLocks
  readonly log: Log
}

export async function recover(recovery: Recovery): Promise<string[]> {
  const unfinished = recovery.store.unfinished()
  // One that is held is not touched before somebody has approved it.
  for (const request of unfinished) if (!request.held) await recoverOne(recovery, request)
  return unfinished.map((request) => request.name)
}

/** Brings one request that was found unfinished to where it can go on. */
export async function recoverOne(recovery: Recovery, request: StoredRequest): Promise<void> {
  const { store, reconciler, log } = recovery
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
    await beginAgain(recovery, request, restarts)
  }
}

/** The database is untouched: what was staged goes, and the request starts from its preflight. */
async function beginAgain(
  { store, locks, log }: Pick<Recovery, 'store' | 'locks' | 'log'>,
  request: StoredRequest,
  restarts: number,
): Promise<void> {
  const left = (await tidyUnderLock(request, locks, log)) ? {} : stillThere(request.work)
  const { service, healthyBefore, safety, hooksDone, rejectedCandidates } = request.work
  const kept = {
    ...left,
    restarts,
    ...(service === undefined ? {} : { service }),
    ...(healthyBefore === undefined ? {} : { healthyBefore }),
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

/**
 * Only under the target's lock: another daemon may be at work there, with a request of the same name and files of the same
 * names. The lock file goes as well, the dead daemon's too: the request may be called off before it takes the lock again.
 *
 * @returns false where the files had to be left; the restore meets them again under the lock.
 */
async function tidyUnderLock(request: StoredRequest, locks: TargetLocks, log: Log): Promise<boolean> {
  const { database } = request.work
  const { name } = request
  try {
    if (database !== undefined && request.spec.mode === 'Restore' && !locks.acquire(database)) {
      log.warn(`another process is restoring ${database}; what restore ${name} has left there waits`, { request: name })
      return false
    }
    await discardTraces({ request, work: request.work, lock: () => true })
    return true
  } catch (error) {
    log.warn(`what restore ${name} has left could not be removed yet: ${messageOf(error)}`, {
      request: name,
      err: error,
    })
    return false
  } finally {
    if (database !== undefined) locks.release(database)
  }
}

function stillThere({ database, staged, extract }: RestoreWork): Pick<RestoreWork, 'database' | 'staged' | 'extract'> {
  return {
    ...(database === undefined ? {} : { database }),
    ...(staged === undefined ? {} : { staged }),
    ...(extract === undefined ? {} : { extract }),
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
