/**
 * One file takes another's place at the database's path, and SQLite's exclusive lock on both keeps everybody out meanwhile.
 * Without it, a process that opens the database just before the rename commits into a file that nobody reads
 * again, and in WAL mode writes the next database's `-wal`, which it finds by name (https://sqlite.org/howtocorrupt.html, 4.2).
 *
 * A process that opened the leaving file before the rename waits for the lock. It is seen in /proc, and then the rename is
 * taken back before the lock is let go: what it commits goes where it believes. One that is seen too late stays locked out. Another may have opened the arriving file by
 * then: it waits for that one's lock, and is not let in before it has given up.
 */

import { setTimeout as delay } from 'node:timers/promises'

import { messageOf, RestoreError } from '../domain/errors.ts'
import type { IdentityNote } from '../domain/work.ts'
import type { HoldersResult } from '../database/contract.ts'
import { wasJustWritten } from '../database/fingerprint.ts'
import { identityOf, linkBeside, removeEmptySides, renameInto, syncFolderOf, unchanged } from '../database/place.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { unlessItDiesTwice } from './dies-twice.ts'
import { describeHolders } from './holders.ts'

/** Longer than applications wait for a lock (SQLite's tools and drivers: 5 s). */
const GIVES_UP_MS = 10_000
const LOOK_MS = 100

/** Of the machine, not of the file: whether SQLite can open it is not known, and it may be open to others. */
const NOTHING_KNOWN: readonly string[] = ['CheckTimedOut', 'Interrupted']

export interface Exchange {
  readonly database: string
  /** A second name of the file at the database's path. */
  readonly leaving: string
  /** The file that takes its place, in the same directory. */
  readonly arriving: string
  /** SQLite may not be able to open the leaving file; then nobody else can write to it with SQLite either. */
  readonly leavingIsDamaged: boolean
  /** The same of the arriving one, which must come back with its side files as they are. */
  readonly arrivingIsDamaged: boolean
  /** The last thing before the rename, under the locks: `locked` where SQLite could take the leaving file's. Nothing has happened when it throws. */
  readonly ready: (found: IdentityNote | null, locked: boolean) => Promise<void>
  readonly renamed: () => void
  /** Undoes what `ready` did with side files, under the lock, when the leaving file is back at the path. */
  readonly takenBack: () => Promise<void>
}

export interface Exchanged {
  /** The leaving file, after the rename and under the lock: a later write shows as another identity. */
  readonly left: IdentityNote | null
  /** Nothing was written to it between `ready` and that look, and nothing could be that would not show. */
  readonly quiet: boolean
}

/**
 * If the process dies at any line, the locks go with it: before the rename the path holds the leaving file, after it the
 * arriving one, and whoever comes next looks by inode. The leaving file stays locked until `letGoOf`: a process whose open(2)
 * was under way at the rename is seen in /proc only later, and waits for the lock meanwhile.
 *
 * @throws RestoreError `DatabaseInUse`, disposition `retry`: somebody has the database open; the path holds the leaving file.
 */
export async function exchange(context: PhaseContext, exchange: Exchange): Promise<Exchanged> {
  const { database, leaving, arriving } = exchange
  const { deps } = context
  const outcome: Ending = { keepLock: false, takenBack: false }
  const takeBack = async (why: RestoreError): Promise<never> => {
    await returnTo(exchange)
    outcome.takenBack = true
    await exchange.takenBack()
    throw why
  }
  try {
    const lock = await lockBoth(context, exchange)
    const found = await identityOf(database)
    await exchange.ready(found, lock !== null)
    await renameInto(arriving, database)
    exchange.renamed()
    const { holders } = await deps.database.holders([leaving], { deadlineMs: QUICK_MS })
    if (holders.length > 0) {
      await takeBack(opened(`${database} was opened at the moment of the swap by ${describeHolders(holders)}`))
    }
    const left = await identityOf(leaving)
    // Taken anew, the lock is another's: the first one died, and whoever opened the leaving file in between has written, or has it open now.
    const again = await lockOn(context, leaving, exchange.leavingIsDamaged).catch((error: unknown) => {
      if (isOpened(error)) return takeBack(error)
      throw error
    })
    outcome.keepLock = true
    const unbroken = lock !== null && again === lock
    return { left, quiet: unbroken && unchanged(left, found) && left !== null && !wasJustWritten(BigInt(left.mtimeNs)) }
  } finally {
    await unlock(context, exchange, outcome).catch((error: unknown) => {
      context.log.warn(`the locks of the swap of ${database} stay for now: ${messageOf(error)}`)
    })
  }
}

interface Ending {
  keepLock: boolean
  takenBack: boolean
}

/** What was decided under the locks stands, whatever becomes of them: a lock that stays keeps people out, and loses nothing. */
async function unlock(
  context: PhaseContext,
  { leaving, arriving, arrivingIsDamaged }: Exchange,
  { keepLock, takenBack }: Readonly<Ending>,
): Promise<void> {
  if (!keepLock) await context.deps.database.letGo(leaving)
  // A wreck was not locked, and its side files, the empty ones too, come back as they were.
  if (arrivingIsDamaged || (takenBack && !(await isReleased(context, arriving)))) return
  await letGoOfArriving(context, arriving)
}

/** @returns the process that locks the leaving file; null where SQLite cannot open it. */
async function lockBoth(context: PhaseContext, exchange: Exchange): Promise<number | null> {
  const [leaving, arriving] = await Promise.allSettled([
    lockOn(context, exchange.leaving, exchange.leavingIsDamaged),
    exchange.arrivingIsDamaged ? null : lockOn(context, exchange.arriving, false),
  ])
  if (arriving.status === 'rejected') throw arriving.reason
  if (leaving.status === 'rejected') throw leaving.reason
  return leaving.value
}

/** The process that holds the lock; null where SQLite cannot open the file. */
async function lockOn({ deps }: PhaseContext, path: string, damaged: boolean): Promise<number | null> {
  try {
    return (await unlessItDiesTwice(() => deps.database.hold(path, { deadlineMs: QUICK_MS }))).pid
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error
    if (error.reason === 'DatabaseInUse') throw opened(error.message)
    if (damaged && !NOTHING_KNOWN.includes(error.reason)) return null
    throw error
  }
}

/** SQLite leaves the empty `-wal` of a file whose name has changed. */
async function letGoOfArriving({ deps }: PhaseContext, arriving: string): Promise<void> {
  await deps.database.letGo(arriving)
  await removeEmptySides(arriving)
}

/** The way back, under the locks: the arriving file keeps a name, then the leaving one takes its place again in one rename. */
async function returnTo({ database, leaving, arriving }: Exchange): Promise<void> {
  await linkBeside(database, arriving)
  await syncFolderOf(arriving)
  await renameInto(leaving, database)
}

/**
 * Whether nobody has the arriving file open that was at the path for a moment. Whoever has stays locked out, and whoever
 * cannot be seen until the restore ends: what they would write there nobody reads again, and in WAL mode it would go into
 * the `-wal` of the file that is back at the path.
 */
async function isReleased(context: PhaseContext, arriving: string): Promise<boolean> {
  const { holders, complete } = await waitForRelease(context, arriving)
  return holders.length === 0 && complete
}

/** Who has a file open that has left the path, once nobody has, or once those who give up have done so. */
export async function waitForRelease(
  { deps, log }: Pick<PhaseContext, 'deps' | 'log'>,
  path: string,
): Promise<HoldersResult> {
  const endMs = performance.now() + GIVES_UP_MS
  for (;;) {
    const sight = await deps.database.holders([path], { deadlineMs: QUICK_MS })
    if (sight.holders.length === 0) return sight
    if (performance.now() >= endMs) {
      log.warn(`${path} has left the path and stays locked: ${describeHolders(sight.holders)} has it open`)
      return sight
    }
    await delay(LOOK_MS)
  }
}

export function opened(message: string, disposition: 'retry' | 'terminal' = 'retry'): RestoreError {
  return new RestoreError(message, {
    reason: 'DatabaseInUse',
    disposition,
    hint: 'stop that process; if it belongs to the application, check service.unit or service.command of the target',
  })
}

/** Whether an exchange failed because somebody has the database open, which stands at its path. */
export function isOpened(error: unknown): error is RestoreError {
  return error instanceof RestoreError && error.reason === 'DatabaseInUse' && error.disposition === 'retry'
}

/** Ends the locks of the swap and of its rollback, which outlast the rename. */
export async function letGoOfLocks(context: Pick<PhaseContext, 'work' | 'deps' | 'log'>): Promise<void> {
  for (const path of [context.work.swap?.displaced[0]?.to, context.work.staged?.path]) {
    if (path !== undefined) await letGoOf(context, path)
  }
}

/**
 * After a swap that stays: what the lock on the file that is at the path now has left beside its former name. Letting go of
 * the lock removes it too, but a file system that refuses it then must not change what becomes of the swap.
 */
export async function removeTracesOfLock({ work }: Pick<PhaseContext, 'work'>): Promise<void> {
  if (work.staged === undefined) return
  if (await removeEmptySides(work.staged.path)) await syncFolderOf(work.staged.path)
}

/**
 * Ends the lock on a file that has left the path, where there is one. Whoever opened it at the moment of the rename and still
 * waits is not let in: in WAL mode it would write the `-wal` of the file that is at the path now.
 */
export async function letGoOf(context: Pick<PhaseContext, 'deps' | 'log'>, path: string): Promise<void> {
  if (!context.deps.database.isHeld(path)) return
  const { holders } = await waitForRelease(context, path)
  if (holders.length === 0) await context.deps.database.letGo(path)
  else context.deps.database.letGoWhenUnused(path)
}
