/** Sizes, times and durations as the manual and people write them. */

import { language, texts } from './texts/language.ts'

/** As the manual's dialog shows a size, whatever it is (3.2, step 4): `3.2 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

/** As the manual writes a time: `2026-02-15 02:00:15`, in UTC. @param text RFC 3339. */
export function utc(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** In the zone of whoever looks, and with its name. @param text RFC 3339. */
export function localTime(text: string): string {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) return text
  return new Intl.DateTimeFormat(language.value === 'ja' ? 'ja-JP' : 'en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(ms)
}

const STEPS = [
  { unit: 'days', ms: 86_400_000, next: 3_600_000, nextUnit: 'hours', pairBelow: 3 },
  { unit: 'hours', ms: 3_600_000, next: 60_000, nextUnit: 'minutes', pairBelow: 10 },
  { unit: 'minutes', ms: 60_000, next: 1000, nextUnit: 'seconds', pairBelow: 10 },
] as const

/** Two units at most: `1 h 20 min`. A negative one, of a clock that was set back, is 0 seconds. */
export function duration(ms: number): string {
  const { units } = texts()
  const step = STEPS.find((each) => ms >= each.ms)
  if (step === undefined) return units.seconds(Math.max(0, Math.floor(ms / 1000)))
  const count = Math.floor(ms / step.ms)
  const rest = Math.floor((ms % step.ms) / step.next)
  const first = units[step.unit](count)
  return count >= step.pairBelow || rest === 0 ? first : `${first}${units.join}${units[step.nextUnit](rest)}`
}

/** A short one with a tenth of a second. */
export function exactDuration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : duration(ms)
}

/** `Daily`, as the manual writes a type in its dialog. */
export function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}

/**
 * Characters that show nothing, or turn the text around them, in a form that can be seen: a name is what it looks like.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}
