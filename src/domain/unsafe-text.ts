/**
 * Characters that are not seen and change what is seen: they drive a terminal, break a line, or reorder what follows them
 * (Trojan Source, CVE-2021-42574). They are refused in what names something, and escaped wherever a text from elsewhere is
 * shown.
 */

/** Controls, formats (marks of direction, zero width), line and paragraph separators; tabs and line ends are none. */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const ALL_HIDDEN = new RegExp(HIDDEN, 'gu')

export function hasHidden(text: string): boolean {
  return HIDDEN.test(text)
}

/** The text with each hidden character as JSON and YAML write it between double quotes: `\u202e`. */
export function escapeHidden(text: string): string {
  return text.replaceAll(ALL_HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at))).join(''),
  )
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

/** JSON in which every hidden character is escaped: it means the same, and shows what it holds. */
export function safeJson(value: unknown, space?: number): string {
  return escapeHidden(JSON.stringify(value, null, space))
}
