/** Wall times of an IANA time zone and the instants that they stand for. Pure: the zone data are those of Node's own ICU. */

const DAY_MS = 86_400_000

/** Making one takes longer than to ask it ten thousand times. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether the text names a zone, such as `Asia/Tokyo` or `UTC`. A bare offset such as `+09:00` knows no summer time and is none. */
export function isTimeZone(text: string): boolean {
  // The default, for which nobody has to wait for ICU.
  if (text === 'UTC') return true
  try {
    formatOf(text)
    return /^[A-Za-z]/.test(text)
  } catch {
    return false
  }
}

/**
 * The instants at which a clock on the wall of the zone shows this time.
 *
 * @param wallMs the digits of the wall time, read as if they were UTC.
 * @returns milliseconds since the epoch, the earlier first: one as a rule, two in the hour that an autumn night has twice. A
 *   time that a spring night leaves out has one all the same: that of a clock which nobody has put forward yet.
 */
export function instantsOf(wallMs: number, zone: string): readonly [number, ...number[]] {
  if (zone === 'UTC') return [wallMs]
  const before = offsetMs(zone, wallMs - DAY_MS)
  const found = new Set<number>()
  for (const offset of [before, offsetMs(zone, wallMs + DAY_MS)]) {
    if (offsetMs(zone, wallMs - offset) === offset) found.add(wallMs - offset)
  }
  const [first = wallMs - before, ...others] = [...found].sort((a, b) => a - b)
  return [first, ...others]
}

/** What a clock on the wall of the zone shows at an instant, as if its digits were UTC. */
export function wallTimeOf(atMs: number, zone: string): number {
  return zone === 'UTC' ? atMs : atMs + offsetMs(zone, atMs)
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetMs(zone: string, atMs: number): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  const wallMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return wallMs - Math.floor(atMs / 1000) * 1000
}

/** @throws RangeError for a zone that is none. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const numeric = '2-digit'
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  })
  formats.set(zone, format)
  return format
}
