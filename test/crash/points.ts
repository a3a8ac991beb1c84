/** From a recorded restore to the list of calls that can be struck. */

import { CHANGING, changes, pathsIn, type Changing, type TracedCall } from './strace.ts'
import type { Strike } from './strike.ts'

export type Point = Omit<Strike, 'effect'> & {
  /** Position in the recorded restore, for an order by time. */
  readonly position: number
}

export interface Recording {
  readonly calls: readonly TracedCall[]
  /** `role pid pool` */
  readonly processes: readonly string[]
  /** `operation pid` */
  readonly operations: readonly string[]
  readonly folder: string
  readonly request: string
  /** Seconds since the epoch: the daemon's calls before it are not part of the restore. */
  readonly from: number
}

interface Owner {
  readonly operation: string
  readonly occurrence: number
  readonly thread: 'main' | 'pool'
}

const CHANGING_NAMES: ReadonlySet<string> = new Set(CHANGING)

/** Every changing call of the restore on a path of the installation (the log and the spool aside), in its order. */
export function pointsOf(recording: Recording): Point[] {
  const owners = ownersOf(recording)
  const counts = new Map<string, number>()
  const points: Point[] = []
  recording.calls.forEach((call, position) => {
    const owner = owners(call, position)
    if (owner === null || !CHANGING_NAMES.has(call.name) || !changes(call)) return
    const path = pathsIn(call)
      .map((found) => relative(found, recording))
      .find(isOurs)
    if (path === undefined) return
    const key = [owner.operation, owner.occurrence, owner.thread, call.name, path].join(' ')
    const nth = (counts.get(key) ?? 0) + 1
    counts.set(key, nth)
    points.push({ ...owner, call: call.name as Changing, path, nth, position })
  })
  return points
}

function ownersOf({ processes, operations, calls, from }: Recording) {
  const threads = new Map<number, { pid: number; role: string; thread: 'main' | 'pool' }>()
  for (const line of processes) {
    const [role = '', pid = '', pool = ''] = line.split(' ')
    threads.set(Number(pid), { pid: Number(pid), role, thread: 'main' })
    threads.set(Number(pool), { pid: Number(pid), role, thread: 'pool' })
  }
  const begun = new Map<number, { operation: string; occurrence: number; position: number }[]>()
  const occurrences = new Map<string, number>()
  for (const line of operations) {
    const [operation = '', pid = ''] = line.split(' ')
    const occurrence = (occurrences.get(operation) ?? 0) + 1
    occurrences.set(operation, occurrence)
    const mark = `/modosu-sweep/${operation}/${occurrence}`
    const position = calls.findIndex(({ text }) => text.includes(mark))
    begun.set(Number(pid), [...(begun.get(Number(pid)) ?? []), { operation, occurrence, position }])
  }
  return ({ tid, at }: TracedCall, position: number): Owner | null => {
    const found = threads.get(tid)
    if (found === undefined) return null
    const { thread, role, pid } = found
    if (role === 'daemon') return at < from ? null : { operation: 'daemon', occurrence: 1, thread }
    const operation = begun.get(pid)?.findLast((each) => each.position >= 0 && each.position < position)
    return operation === undefined ? null : { operation: operation.operation, occurrence: operation.occurrence, thread }
  }
}

/** Relative to the installation, with names that differ from run to run as placeholders; else as it is. */
function relative(path: string, { folder, request }: Recording): string {
  if (!path.startsWith(`${folder}/`)) return path
  return path
    .slice(folder.length + 1)
    .replaceAll(/restore_safety_\d+(?:_\d+)?\.db/g, '{safety}')
    .replaceAll(`modosu-${request}.`, 'modosu-{request}.')
    .replaceAll(`status/${request}.`, 'status/{request}.')
}

/** The database's folder, the backups, the state; -shm is memory by another name. */
function isOurs(path: string): boolean {
  return /^(app|state)(\/|$)/.test(path) && !path.endsWith('-shm') && !path.endsWith('.sock')
}
