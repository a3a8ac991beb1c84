/** SQLite locks that outlast the call that takes them (hold.ts): each keeps a child process to itself for so long. */

import { readdirSync, statSync } from 'node:fs'

import { RestoreError } from '../domain/errors.ts'
import type { ChildPool, PinnedChild } from '../sandbox/pool.ts'
import type { DatabaseOperations } from './contract.ts'
import type { HeldFile } from './hold.ts'

/** Closing a connection takes no time; a process that does not is killed, which frees its locks as well. */
const LET_GO_MS = 5000
/** A hold that nobody waits for any more costs the memory of a process, so there is no hurry. */
const LOOK_EVERY_MS = 5000
const LOOK_MS = 30_000

export interface Holds extends Pick<DatabaseOperations, 'hold' | 'letGo' | 'letGoWhenUnused' | 'isHeld'> {
  /** Whether the process is one of those that hold. */
  has(pid: number): boolean
  /** Looks no more; the pool ends the processes. */
  close(): void
}

export function createHolds(pool: ChildPool, holders: DatabaseOperations['holders']): Holds {
  const held = new Map<string, { readonly child: PinnedChild; readonly file: HeldFile }>()
  const unwanted = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  async function letGo(database: string): Promise<void> {
    unwanted.delete(database)
    const child = held.get(database)?.child
    if (child === undefined) return
    held.delete(database)
    try {
      await child.run('letGo', { database }, { deadlineMs: LET_GO_MS })
    } catch {
      await child.kill()
    }
    child.unpin()
  }

  async function letGoOfUnused(): Promise<void> {
    for (const database of [...unwanted]) {
      const open = openFile(held.get(database))
      const isUsed = open !== null && (await holders([open], { deadlineMs: LOOK_MS })).holders.length > 0
      // Wanted again meanwhile, it stays.
      if (!isUsed && unwanted.has(database)) await letGo(database)
    }
  }

  function lookLater(): void {
    if (timer !== undefined || unwanted.size === 0) return
    timer = setTimeout(() => {
      void letGoOfUnused()
        .catch(() => undefined)
        .finally(() => {
          timer = undefined
          lookLater()
        })
    }, LOOK_EVERY_MS)
    timer.unref()
  }

  return {
    isHeld: (database) => held.has(database),
    has: (pid) => Array.from(held.values(), ({ child }) => child.pid).includes(pid),
    letGo,
    hold: async (database, { signal, deadlineMs }) => {
      unwanted.delete(database)
      const options = signal === undefined ? { deadlineMs } : { deadlineMs, signal }
      const present = held.get(database)?.child
      try {
        // Asked, not looked up: of a process that died a moment ago nothing may have been heard yet.
        await present?.run('hold', { database }, options)
        if (present?.pid !== undefined) return { pid: present.pid }
      } catch {
        held.delete(database)
        present?.unpin()
      }
      const child = pool.pin()
      let file: HeldFile
      try {
        file = await child.run<HeldFile>('hold', { database }, options)
      } catch (error) {
        child.unpin()
        throw error
      }
      if (child.pid === undefined) throw new RestoreError('the lock has no process', { reason: 'InternalError' })
      held.set(database, { child, file })
      return { pid: child.pid }
    },
    letGoWhenUnused: (database) => {
      if (!held.has(database)) return
      unwanted.add(database)
      lookLater()
    },
    close: () => {
      unwanted.clear()
      clearTimeout(timer)
    },
  }
}

/** The held file by its descriptor, since its names may have changed (proc(5), `/proc/PID/fd`). null: the process has it open no more. */
function openFile(hold: { readonly child: PinnedChild; readonly file: HeldFile } | undefined): string | null {
  if (hold?.child.pid === undefined) return null
  const folder = `/proc/${hold.child.pid}/fd`
  try {
    for (const fd of readdirSync(folder)) {
      const found = statSync(`${folder}/${fd}`, { bigint: true, throwIfNoEntry: false })
      if (String(found?.ino) === hold.file.ino && String(found?.dev) === hold.file.dev) return `${folder}/${fd}`
    }
  } catch {
    // The process is gone, and its lock with it.
  }
  return null
}
