/**
 * Who may still write into a file, from /proc: descriptors that are open for writing (proc(5), `fdinfo`), and shared
 * mappings that outlive their descriptor (`maps`). A file system tells a reader neither: a file that is quiet may be half
 * written, by somebody who pauses.
 */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readFile, readlink, stat, statfs } from 'node:fs/promises'
import { codeOf } from '../domain/errors.ts'

/** A file as stat(2) names it, and its last name for what knows no device numbers that can be compared. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  readonly name: string
}

export interface Writer {
  readonly pid: number
  readonly command: string
}

export interface Sight {
  /** By `inodeKey`. Some writer of each; a file that nobody writes to is not in it. */
  readonly writers: ReadonlyMap<string, Writer>
  /** false: there may be writers that cannot be seen from here. */
  readonly complete: boolean
}

export type LookForWriters = (directory: string, files: readonly FileIdentity[]) => Promise<Sight>

/** The PID namespace that the machine boots with (PROC_PID_INIT_INO, include/linux/proc_ns.h of the kernel). */
const INITIAL_NAMESPACE = 'pid:[4026531836]'
/** File systems that no other machine writes to (statfs(2)): ext4, XFS, Btrfs, tmpfs, overlay, F2FS, ZFS, bcachefs, ramfs. */
const LOCAL = new Set([
  0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0x858458f6,
])
/** Its files are hidden even from root in some virtual machines, and init drops no requests. */
const INIT = '1'
/** New processes may take over a descriptor while the others are looked at; each round looks at those that are new. */
const MOST_ROUNDS = 8
/** What /proc shows is memory and never waits; after so long the event loop gets its turn all the same. */
const TURN_MS = 5
/** A kernel thread (PF_KTHREAD in field 9 of proc(5) `stat`) has no files of its own, and nobody may look. */
const KERNEL_THREAD = 0x00200000
const COMMAND_LENGTH = 80

export function inodeKey({ dev, ino }: Pick<FileIdentity, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}

/**
 * Looks for processes that may write to one of the files. Never throws: what cannot be seen makes the sight incomplete.
 *
 * @param directory in which the files lie.
 */
export const lookForWriters: LookForWriters = async (directory, files) => {
  const wanted = new Map(files.map((file) => [file.ino.toString(), file]))
  const writers = new Map<string, Writer>()
  let complete = await everyWriterIsVisible(directory)
  const seen = new Set<string>()
  let turnMs = performance.now()
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const pids = processes().filter((pid) => !seen.has(pid))
    if (pids.length === 0) return { writers, complete: complete && seen.size > 0 }
    for (const pid of pids) {
      seen.add(pid)
      const written = await writtenBy(pid, wanted)
      if (written === null && pid !== INIT) complete = false
      for (const file of written ?? []) writers.set(inodeKey(file), { pid: Number(pid), command: commandOf(pid) })
      if (performance.now() - turnMs < TURN_MS) continue
      await new Promise((resolve) => setImmediate(resolve))
      turnMs = performance.now()
    }
  }
  return { writers, complete: false }
}

/** Whether every process that could write there is one that /proc shows. */
async function everyWriterIsVisible(directory: string): Promise<boolean> {
  try {
    // Mounted with hidepid, or ProtectProc=invisible: other users' processes are not even listed.
    await stat('/proc/1')
    if ((await readlink('/proc/self/ns/pid')) !== INITIAL_NAMESPACE) return false
    if (!LOCAL.has((await statfs(directory)).type)) return false
    return !(await servesFiles())
  } catch {
    return false
  }
}

/** The kernel's own NFS server writes for other machines, in no process. */
async function servesFiles(): Promise<boolean> {
  try {
    return Number(await readFile('/proc/fs/nfsd/threads', 'latin1')) > 0
  } catch {
    return false
  }
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  } catch {
    return []
  }
}

type Wanted = ReadonlyMap<string, FileIdentity>

/** Which of the files a process may write to; null where that cannot be seen. A process that is gone writes to none. */
async function writtenBy(pid: string, wanted: Wanted): Promise<readonly FileIdentity[] | null> {
  try {
    const written = mappedForWriting(pid, wanted)
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const file = await openedForWriting(pid, fd, wanted)
      if (file !== undefined) written.push(file)
    }
    return written
  } catch (error) {
    if (isDenied(error)) return isKernelThread(pid) ? [] : null
    return []
  }
}

/** Files that do not lie in the spool are told by what /proc itself says of them: stat of one on a dead server waits. */
async function openedForWriting(pid: string, fd: string, wanted: Wanted): Promise<FileIdentity | undefined> {
  try {
    const link = `/proc/${pid}/fd/${fd}`
    // Sockets, pipes and the like are no paths, and a device is no file of the spool.
    const path = readlinkSync(link)
    if (!path.startsWith('/') || path.startsWith('/dev/')) return undefined
    const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'latin1')
    // O_WRONLY is 1, O_RDWR 2. What does not say how it is open counts as open for writing.
    const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1]
    if (flags !== undefined && (Number.parseInt(flags, 8) & 3) === 0) return undefined
    // Linux 5.14 and later.
    const inode = /^ino:\s*(\d+)$/m.exec(info)?.[1]
    if (inode !== undefined && !wanted.has(inode)) return undefined
    const stats = await stat(link, { bigint: true })
    const file = wanted.get(stats.ino.toString())
    return file?.dev === stats.dev ? file : undefined
  } catch (error) {
    if (isDenied(error)) throw error
    return undefined
  }
}

/** Lines of `maps`: addresses, permissions (`s`: shared), offset, device, inode, path. */
function mappedForWriting(pid: string, wanted: Wanted): FileIdentity[] {
  const maps = mapsOf(pid)
  return Array.from(wanted.values())
    .filter(({ ino }) => maps.includes(` ${ino} `))
    .filter((file) => maps.split('\n').some((line) => mapsForWriting(line, file)))
}

/** Some sandboxes show a process's descriptors and hide its mappings; those that outlive their descriptor are rare. */
function mapsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1')
  } catch {
    return ''
  }
}

function mapsForWriting(line: string, { dev, ino, name }: FileIdentity): boolean {
  const [, permissions = '', device = '', inode, path = ''] =
    /^\S+ (\S+) \S+ (\S+) (\d+)\s*(.*)$/.exec(line) ?? ([] as string[])
  if (inode !== ino.toString() || !permissions.includes('w') || !permissions.includes('s')) return false
  // Btrfs and overlay show another device here than stat(2) does; the name is then what tells.
  return device === deviceOf(dev) || path.endsWith(`/${name}`)
}

/** makedev(3), the other way round. */
function deviceOf(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn)
  const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn)
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`
}

function commandOf(pid: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .replaceAll(/[\s\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
    return words === '' ? 'unknown' : words.slice(0, COMMAND_LENGTH)
  } catch {
    return 'unknown'
  }
}

function isKernelThread(pid: string): boolean {
  try {
    // The command name, in parentheses, may hold spaces: the fields are counted from behind it.
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const flags = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[6])
    return (flags & KERNEL_THREAD) !== 0
  } catch (error) {
    // Gone meanwhile: nobody any more.
    return codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH'
  }
}

function isDenied(error: unknown): boolean {
  return codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM'
}
