/**
 * Who has a database's files open, from /proc. SQLite's own locks do not tell: an idle connection in rollback mode holds
 * none, and goes on writing into the old inode after a rename.
 */

import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'
import type { Holder, HoldersResult } from './contract.ts'

const COMMAND_LENGTH = 200
/** A kernel thread (PF_KTHREAD in field 9 of proc(5) `stat`) opens no files, and nobody may look. */
const KERNEL_THREAD = 0x00200000

type Inodes = ReadonlyMap<string, string>

/**
 * See `DatabaseOperations.holders`. Files are compared by device and inode, so a renamed or unlinked one is found as
 * well. This process is left out: it is the one that looks.
 */
export async function holders({ paths }: { readonly paths: readonly string[] }): Promise<HoldersResult> {
  const inodes = await inodesOf(paths)
  let entries: string[]
  try {
    entries = await readdir('/proc')
    // Mounted with hidepid, or ProtectProc=invisible: other users' processes are not even listed.
    await stat('/proc/1')
  } catch {
    return { holders: [], complete: false }
  }
  const found: Holder[] = []
  let complete = true
  for (const entry of entries) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue
    const sight = await filesOf(entry, inodes)
    complete &&= sight.complete
    if (sight.files.size > 0) found.push(...(await describe(entry, sight.files)))
  }
  return { holders: found, complete }
}

async function inodesOf(paths: readonly string[]): Promise<Inodes> {
  const inodes = new Map<string, string>()
  for (const path of paths) {
    try {
      const { dev, ino } = await stat(path, { bigint: true })
      inodes.set(`${dev}:${ino}`, path)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
  }
  return inodes
}

interface Sight {
  readonly files: ReadonlySet<string>
  /** Whether the process's descriptors could be seen. */
  readonly complete: boolean
}

/** Which of the files a process has open. A process that is gone has none. */
async function filesOf(pid: string, inodes: Inodes): Promise<Sight> {
  const files = new Set<string>()
  try {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const file = await fileOf(`/proc/${pid}/fd/${fd}`, inodes)
      if (file !== undefined) files.add(file)
    }
  } catch (error) {
    if (isDenied(error)) return { files, complete: await isKernelThread(pid) }
  }
  return { files, complete: true }
}

function isDenied(error: unknown): boolean {
  return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM'
}

async function fileOf(link: string, inodes: Inodes): Promise<string | undefined> {
  try {
    // Sockets, pipes and the like are no paths; stat on what is left follows to the open file itself.
    if (!(await readlink(link)).startsWith('/')) return undefined
    const { dev, ino } = await stat(link, { bigint: true })
    return inodes.get(`${dev}:${ino}`)
  } catch (error) {
    if (isDenied(error)) throw error
    return undefined
  }
}

async function describe(pid: string, files: ReadonlySet<string>): Promise<Holder[]> {
  const command = await commandOf(pid)
  return Array.from(files, (file) => ({ pid: Number(pid), command, file }))
}

async function commandOf(pid: string): Promise<string> {
  try {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((word) => word !== '')
    const command = words.length > 0 ? words.join(' ') : (await readFile(`/proc/${pid}/comm`, 'utf8')).trim()
    return command.slice(0, COMMAND_LENGTH)
  } catch {
    return 'unknown'
  }
}

async function isKernelThread(pid: string): Promise<boolean> {
  try {
    // The command name, in parentheses, may hold spaces: the fields are counted from behind it.
    const line = await readFile(`/proc/${pid}/stat`, 'latin1')
    const flags = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[6])
    return (flags & KERNEL_THREAD) !== 0
  } catch (error) {
    // Gone meanwhile: nobody any more.
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH'
  }
}
