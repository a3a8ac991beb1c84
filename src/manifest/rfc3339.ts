/** RFC 3339 times: a date that exists, a time, and a zone, which a maintenance window cannot do without. */

const TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-](\d{2}):(\d{2}))$/

/**
 * Parses a time. `Date.parse` alone takes 30 February for 2 March.
 *
 * @returns milliseconds since the epoch, or undefined where the text is no RFC 3339 time.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = TIME.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth) return undefined
  if (hour > 23 || minute > 59 || second > 59 || Number(match[9] ?? 0) > 23 || Number(match[10] ?? 0) > 59)
    return undefined
  const timeMs = Date.parse(text.toUpperCase())
  return Number.isNaN(timeMs) ? undefined : timeMs
}
