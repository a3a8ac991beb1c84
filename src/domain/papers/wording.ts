/** How single values are written in a report. */

import { escapeHidden } from '../unsafe-text.ts'
import { wallTimeOf } from '../time-zone.ts'

/** What came from elsewhere on one line, with nothing in it that hides. */
export function oneLine(text: string): string {
  return escapeHidden(text.replaceAll(/\s+/g, ' ').trim())
}

/**
 * `YYYY-MM-DD HH:MM` as the template has it, and the zone, without which it would be no time.
 *
 * @param at RFC 3339.
 * @returns undefined for none, and for what is no time.
 */
export function minuteOf(at: string | undefined, timezone: string): string | undefined {
  const wall = digitsOf(at, timezone)
  return wall === undefined ? undefined : `${wall.slice(0, 16)} ${timezone}`
}

/** The same with seconds and without the zone, for a column. */
export function secondOf(at: string | undefined, timezone: string): string | undefined {
  return digitsOf(at, timezone)?.slice(0, 19)
}

function digitsOf(at: string | undefined, timezone: string): string | undefined {
  const atMs = at === undefined ? Number.NaN : Date.parse(at)
  if (Number.isNaN(atMs)) return undefined
  return new Date(wallTimeOf(atMs, timezone)).toISOString().replace('T', ' ')
}

export function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1)
}
