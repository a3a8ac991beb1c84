/** Which strikes a sweep makes: everything that changes names, lengths or durability; of plain writes, a stride. */

import type { Point } from './points.ts'
import type { Scenario } from './rig.ts'
import { STARTS, type Start } from './starts.ts'
import { ERRORS, type Strike } from './strike.ts'

export type Breadth = 'sample' | 'full' | 'exhaustive'

/** One rig and what is done with it. */
export interface Campaign {
  readonly start: Start
  readonly scenario: Scenario
  /** Where the first death is, for a sweep of the start after it; null: the restore itself is struck. */
  readonly failpoint: string | null
  readonly fault: 'kill' | 'error'
}

export function campaignsOf(breadth: Breadth): Campaign[] {
  const struck = (start: Start, scenario: Scenario, fault: Campaign['fault']) =>
    ({ start, scenario, failpoint: null, fault }) as const
  const recovery = (start: Start, scenario: Scenario, failpoint: string, fault: Campaign['fault'] = 'kill') =>
    ({ start, scenario, failpoint, fault }) as const
  const sampled: Campaign[] = [
    struck('wal', 'restore', 'kill'),
    struck('wal', 'restore', 'error'),
    struck('wal', 'rollback', 'kill'),
    struck('journal', 'restore', 'kill'),
    struck('corrupt', 'restore', 'kill'),
    recovery('wal', 'restore', 'Swapping.renamed'),
  ]
  if (breadth === 'sample') return sampled
  const full: Campaign[] = [
    ...sampled,
    struck('delete', 'restore', 'kill'),
    struck('none', 'restore', 'kill'),
    struck('corrupt', 'rollback', 'kill'),
    struck('none', 'rollback', 'kill'),
    struck('corrupt', 'restore', 'error'),
    struck('wal', 'rollback', 'error'),
    recovery('wal', 'restore', 'VerifyingBackup.end'),
    recovery('wal', 'restore', 'Swapping.noted'),
    recovery('wal', 'restore', 'Resuming.settled'),
    recovery('wal', 'rollback', 'RollingBack.aside'),
    recovery('corrupt', 'restore', 'Swapping.ready'),
    recovery('wal', 'restore', 'Swapping.ready', 'error'),
    recovery('wal', 'restore', 'Swapping.renamed', 'error'),
    recovery('wal', 'rollback', 'RollingBack.aside', 'error'),
    recovery('corrupt', 'restore', 'Swapping.ready', 'error'),
  ]
  if (breadth === 'full') return full
  const elsewhere = STARTS.filter((start) => start !== 'wal')
  const crossed: Campaign[] = elsewhere.flatMap((start) => [
    struck(start, 'restore', 'error'),
    struck(start, 'rollback', 'kill'),
    struck(start, 'rollback', 'error'),
    recovery(start, 'restore', 'Swapping.ready'),
    recovery(start, 'restore', 'Swapping.renamed'),
    recovery(start, 'rollback', 'RollingBack.aside'),
  ])
  const known = new Set(full.map((campaign) => JSON.stringify(campaign)))
  return [...full, ...crossed.filter((campaign) => !known.has(JSON.stringify(campaign)))]
}

const WRITES: ReadonlySet<string> = new Set(['write', 'pwrite64'])
const STRIDE = { sample: 64, full: 24, exhaustive: 1 } as const
const SAMPLE_SIZE = 12
/** What depends on the state in which the database is found; the rest is the same code on the same files. */
const STATE_DEPENDENT: ReadonlySet<string> = new Set(['daemon', 'quiesce', 'safetyCopy', 'rawCopy'])

export function strikesOf(campaign: Campaign, points: readonly Point[], breadth: Breadth): Strike[] {
  const relevant = points.filter((point) => concerns(campaign, point, points))
  const chosen = thinned(relevant, STRIDE[breadth])
  const struck = chosen.map((point, index) => strikeOf(campaign, point, index))
  return breadth === 'sample' ? spread(struck, SAMPLE_SIZE) : scattered(struck)
}

function concerns({ start, scenario, failpoint, fault }: Campaign, point: Point, all: readonly Point[]): boolean {
  const ofState = point.path.startsWith('state')
  const first = start === 'wal' && scenario === 'restore' && failpoint === null
  if (fault === 'error' && (point.call === 'ioctl' || point.path.startsWith('state/children'))) return false
  if (failpoint !== null) {
    const ofDaemon = point.operation === 'daemon' && !point.path.startsWith('state/children')
    return ofDaemon && (!ofState || (start === 'wal' && fault === 'kill'))
  }
  if (scenario === 'rollback') {
    const commit = all.find(({ call, path }) => call === 'rename' && path.endsWith('.new'))
    if (point.position <= (commit?.position ?? 0)) return false
  }
  if (ofState) return first || (scenario === 'rollback' && start === 'wal')
  return start === 'wal' || STATE_DEPENDENT.has(point.operation)
}

/** All but the writes; of those the first, the last and every so many of each file. */
function thinned(points: readonly Point[], stride: number): Point[] {
  const groups = new Map<string, Point[]>()
  const keyOf = (point: Point) => [point.operation, point.occurrence, point.thread, point.call, point.path].join(' ')
  for (const point of points) groups.set(keyOf(point), [...(groups.get(keyOf(point)) ?? []), point])
  return points.filter((point) => {
    const group = groups.get(keyOf(point)) ?? []
    const mirrored = point.path.startsWith('state/status')
    if (!WRITES.has(point.call) && !mirrored) return true
    const step = mirrored ? Math.ceil(stride / 4) : stride
    return point.nth % step === 1 || point.nth === group.length || step === 1
  })
}

function strikeOf(
  { fault }: Campaign,
  { operation, occurrence, thread, call, path, nth }: Point,
  index: number,
): Strike {
  const point = { operation, occurrence, thread, call, path, nth }
  if (fault === 'kill') {
    const together = point.operation !== 'daemon' && index % 2 === 1
    return { ...point, effect: 'kill', ...(together ? { together } : {}) }
  }
  const effect = ERRORS[index % ERRORS.length] ?? 'EIO'
  const lasting = (effect === 'ENOSPC' || effect === 'EDQUOT') && !point.path.startsWith('state')
  return { ...point, effect, ...(lasting ? { lasting } : {}) }
}

/** So many of them, evenly over the restore. */
function spread<T>(all: readonly T[], size: number): T[] {
  if (all.length <= size) return [...all]
  return Array.from({ length: size }, (_, index) => all[Math.floor((index * all.length) / size)]).filter(
    (each) => each !== undefined,
  )
}

/** All of them, in an order in which any beginning is spread over the whole: what is run in a bounded time says something. */
function scattered<T>(all: readonly T[]): T[] {
  const golden = 0.618_033_988_75
  return all
    .map((each, index) => ({ each, rank: (index * golden) % 1 }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ each }) => each)
}
