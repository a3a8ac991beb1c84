/**
 * One file takes another's place at the database's path, and SQLite's exclusive lock on the one that leaves keeps everybody
 * out meanwhile. Without it, a process that opens the database just before the rename commits into a file that nobody reads
 * again, and in WAL mode writes the next database's `-wal`, which it finds by name (https://sqlite.org/howtocorrupt.html, 4.2).
 *
 * A process that opened the leaving file before the rename waits for the lock. It is seen in /proc, and then the rename is
 * taken back before the lock is let go: what it commits goes where it believes.
 */

import { RestoreError } from '../domain/errors.ts'
import type { IdentityNote } from '../domain/work.ts'
import { wasJustWritten } from '../database/fingerprint.ts'
import { identityOf, linkBeside, renameInto, syncFolderOf, unchanged } from '../database/place.ts'
import type { PhaseContext } from './context.ts'
import { QUICK_MS } from './deadlines.ts'
import { unlessItDiesTwice } from './dies-twice.ts'
import { describeHolders } from './holders.ts'

export interface Exchange {
  readonly database: string
  /** A second name of the file at the database's path. */
  readonly leaving: string
  /** The file that takes its place, in the same directory. */
  readonly arriving: string
  /** SQLite may not be able to open the leaving file; then nobody else can write to it with SQLite either. */
  readonly leavingIsDamaged: boolean
  /** The last thing before the rename, under the lock. Nothing has happened when it throws. */
  readonly ready: (found: IdentityNote | null) => Promise<void>
  readonly renamed: () => void
}

export interface Exchanged {
  /** The leaving file, after the rename and under the lock: a later write shows as another identity. */
  readonly left: IdentityNote | null
  /** Nothing was written to it between `ready` and that look, and nothing could be that would not show. */
  readonly quiet: boolean
}

/**
 * If the process dies at any line, the lock goes with it: before the rename the path holds the leaving file, after it the
 * arriving one, and whoever comes next looks by inode. Where every process could be seen, the lock is let go at the end;
 * else it stays until `letGo`, since a process that is not seen may still wait for it.
 *
 * @throws RestoreError `DatabaseInUse`, disposition `retry`: somebody has the database open; the path holds the leaving file.
 */
export async function exchange(context: PhaseContext, { leaving, ...rest }: Exchange): Promise<Exchanged> {
  const { database } = context.deps
  const lock = await lockOn(context, leaving, rest.leavingIsDamaged)
  let keep = false
  try {
    const found = await identityOf(rest.database)
    await rest.ready(found)
    await renameInto(rest.arriving, rest.database)
    rest.renamed()
    const { holders, complete } = await database.holders([leaving], { deadlineMs: QUICK_MS })
    if (holders.length > 0) {
      await takeBack({ leaving, ...rest })
      throw opened(`${rest.database} was opened at the moment of the swap by ${describeHolders(holders)}`)
    }
    const left = await identityOf(leaving)
    const unbroken = lock !== null && (await stillHeldBy(context, lock, { leaving, ...rest }))
    keep = !complete
    return { left, quiet: unbroken && unchanged(left, found) && left !== null && !wasJustWritten(BigInt(left.mtimeNs)) }
  } finally {
    if (!keep) await database.letGo(leaving)
  }
}

/** The process that holds the lock; null where SQLite cannot open the file. */
async function lockOn({ deps }: PhaseContext, leaving: string, damaged: boolean): Promise<number | null> {
  try {
    return (await unlessItDiesTwice(() => deps.database.hold(leaving, { deadlineMs: QUICK_MS }))).pid
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error
    if (error.reason === 'DatabaseInUse') throw opened(error.message)
    if (damaged) return null
    throw error
  }
}

/**
 * Whether the process that took the lock has it still. Taken anew it is another's: the first one died, and whoever opened
 * the leaving file in between has written, or has it open now.
 */
async function stillHeldBy(context: PhaseContext, pid: number, { leaving, ...rest }: Exchange): Promise<boolean> {
  try {
    return (await lockOn(context, leaving, rest.leavingIsDamaged)) === pid
  } catch (error) {
    if (isOpened(error)) await takeBack({ leaving, ...rest })
    throw error
  }
}

/** The way back, under the lock: the arriving file keeps a name, then the leaving one takes its place again in one rename. */
async function takeBack({ database, leaving, arriving }: Pick<Exchange, 'database' | 'leaving' | 'arriving'>) {
  await linkBeside(database, arriving)
  await syncFolderOf(arriving)
  await renameInto(leaving, database)
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

/** Ends the locks of the swap and of its rollback, where they were kept beyond the rename. */
export async function letGoOfLocks({ work, deps }: Pick<PhaseContext, 'work' | 'deps'>): Promise<void> {
  for (const path of [work.swap?.displaced[0]?.to, work.staged?.path]) {
    if (path !== undefined) await deps.database.letGo(path)
  }
}
