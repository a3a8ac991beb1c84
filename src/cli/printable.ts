/** Text that came from elsewhere (a file's name, a requester's reason) made safe to show on a terminal. */

/** Controls, and the invisible characters that reorder or hide what follows them (Trojan Source, CVE-2021-42574). */
const UNSAFE = /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u2028\u2029]/gu
/** The same without the controls that a command itself writes: line ends, colours, the bar. */
const MARKS = /[\x7F-\x9F\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u2028\u2029]/gu

/** One line: line breaks become spaces, every other unsafe character its code. */
export function printable(text: string): string {
  return text.replaceAll(/\s*\r?\n\s*/g, ' ').replaceAll(UNSAFE, (character) => {
    if (character === '\t') return ' '
    return escaped(character)
  })
}

/** Whatever is printed: no mark of direction gets to the terminal, wherever the text came from. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARKS, escaped)
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
