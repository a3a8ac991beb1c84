/** Who listens on a TCP port of this machine, and who has locked a file, out of /proc (proc(5)). */

import { readdir, readFile, readlink, stat } from 'node:fs/promises'

export interface Listener {
  readonly uid: number
  /** null: whose process it is only root may see. */
  readonly pid: number | null
  readonly command: string
}

const LISTEN = '0A'
const COMMAND_LENGTH = 120

/** @returns null where /proc does not tell; empty where nobody listens. */
export async function listenersOn(port: number): Promise<readonly Listener[] | null> {
  const texts = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => null)),
  )
  const known = texts.filter((text) => text !== null)
  if (known.length === 0) return null
  const sockets = known.flatMap((text) =>
    text
      .split('\n')
      .slice(1)
      .flatMap((line) => socketOf(line, port)),
  )
  if (sockets.length === 0) return []
  const owners = await processesWith(new Set(sockets.map(({ inode }) => inode)))
  const found = sockets.map(({ inode, uid }) => ({ uid, ...(owners.get(inode) ?? { pid: null, command: '' }) }))
  // One for both families of addresses, or several workers: each process once.
  return [...new Map(found.map((each) => [each.pid ?? `uid ${each.uid}`, each])).values()]
}

function socketOf(line: string, port: number): { readonly inode: string; readonly uid: number }[] {
  const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/)
  if (state !== LISTEN || Number.parseInt(local.split(':')[1] ?? '', 16) !== port) return []
  return [{ inode, uid: Number(uid) }]
}

async function processesWith(inodes: ReadonlySet<string>): Promise<Map<string, { pid: number; command: string }>> {
  const found = new Map<string, { pid: number; command: string }>()
  for (const entry of await readdir('/proc').catch((): string[] => [])) {
    if (!/^\d+$/.test(entry)) continue
    for (const fd of await readdir(`/proc/${entry}/fd`).catch((): string[] => [])) {
      const to = await readlink(`/proc/${entry}/fd/${fd}`).catch(() => '')
      const inode = /^socket:\[(\d+)\]$/.exec(to)?.[1]
      if (inode === undefined || !inodes.has(inode) || found.has(inode)) continue
      found.set(inode, { pid: Number(entry), command: await commandOf(entry) })
    }
  }
  return found
}

async function commandOf(pid: string): Promise<string> {
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return words.split('\0').filter(Boolean).join(' ').slice(0, COMMAND_LENGTH)
}

/** The unit of a process by its control group, or null: `session-3.scope` is no unit that one stops for it. */
export async function serviceOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '')
  return text.match(/[^/\n]+\.service(?=\/|\n|$)/g)?.at(-1) ?? null
}

/** 0 where the process is gone. */
export async function parentOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  // The command name, in parentheses, may hold spaces.
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/** The pids that hold a write lock on one of the files now (POSIX locks, as SQLite takes them); null: the kernel does not tell. */
export async function writeLockers(paths: readonly string[]): Promise<ReadonlySet<number> | null> {
  const inodes = new Set<string>()
  for (const path of paths) {
    const found = await stat(path).catch(() => null)
    if (found !== null) inodes.add(String(found.ino))
  }
  const text = await readFile('/proc/locks', 'latin1').catch(() => null)
  if (text === null) return null
  const pids = text.split('\n').flatMap((line) => {
    // `1: POSIX  ADVISORY  WRITE 3568 fd:00:2531452 0 EOF`; one that waits has `->` before its kind.
    const [, pid = '', inode = ''] = /^\d+: (?:POSIX|OFDLCK)\s+\S+\s+WRITE (-?\d+) \S+:\S+:(\d+) /.exec(line) ?? []
    return inodes.has(inode) && Number(pid) > 0 ? [Number(pid)] : []
  })
  return new Set(pids)
}
