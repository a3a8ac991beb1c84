/** Sizes and times as people read them. */

/**
 * An age as kubectl prints it (k8s.io/apimachinery, duration.HumanDuration): two digits of precision, one or two units.
 *
 * @param ms a negative one, of a clock that was set back, is `0s`.
 */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (days < 8) return pair(days, 'd', hours % 24, 'h')
  if (days < 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return years < 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

const JAPANESE_UNITS: Readonly<Record<string, string>> = { s: '秒', m: '分', h: '時間', d: '日', y: '年' }

/** The same age for a Japanese sentence: `289日`, `1日4時間`. */
export function japaneseDuration(ms: number): string {
  return humanDuration(ms).replace(/[smhdy]/g, (unit) => JAPANESE_UNITS[unit] ?? unit)
}

/** Since an RFC 3339 time. */
export function age(since: string, nowMs: number): string {
  const sinceMs = Date.parse(since)
  return Number.isNaN(sinceMs) ? '<unknown>' : humanDuration(nowMs - sinceMs)
}

/** As the manual's dialog shows a file's size, whatever its size (3.2, step 4): `3.2 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** As the manual writes a time: `2026-02-15 02:00:15`, in UTC (decision D19). */
export function dateAndTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
