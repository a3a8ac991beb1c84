/** Sizes as people read them: in every message, whichever part of the program writes it. */

const UNITS = ['KB', 'MB', 'GB', 'TB'] as const

/** Base 1024, one decimal (decision D22): `3.2 MB`. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  let value = bytes
  let unit: string = 'B'
  for (const next of UNITS) {
    if (value < 1024) break
    value /= 1024
    unit = next
  }
  return `${value.toFixed(1)} ${unit}`
}
