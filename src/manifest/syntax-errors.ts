/** The YAML parser's complaints in words for the person who wrote the file. */

import type { ErrorCode } from 'yaml'
import type { ManifestProblem } from './problem.ts'

const TEXTS: Partial<Record<ErrorCode, readonly [message: string, hint: string]>> = {
  TAB_AS_INDENT: ['a tab is used for indentation', 'YAML is indented with spaces: replace the tab by spaces'],
  BAD_INDENT: ['this line does not line up with the ones before it', 'keys of one mapping begin in the same column'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second ":" on this line starts a mapping inside a value',
    'put a value that contains ": " in quotes, or start a new line',
  ],
  MULTILINE_IMPLICIT_KEY: ['this line is no "key: value"', 'is the ":" after the key missing, or the space after it?'],
  MISSING_CHAR: ['something is missing here', 'a ":", a quote, or a closing bracket'],
  NON_STRING_KEY: ['a key must be plain text', 'a list or a mapping cannot be a key'],
  TAG_RESOLVE_FAILED: ['this tag is not known here', 'remove the tag (the word that begins with "!")'],
}

/** Whether a line begins with blanks that contain a tab, which the parser may report as anything. */
function startsWithTab(text: string, line: number): boolean {
  const source = text.split('\n', line)[line - 1] ?? ''
  return /^ *\t/.test(source)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** What the parser said, as a problem; its own words stay where they say more than ours. */
export function describeSyntaxError(
  error: { readonly code: ErrorCode; readonly message: string },
  position: { readonly line: number; readonly column: number },
  text: string,
): ManifestProblem {
  const code = startsWithTab(text, position.line) ? 'TAB_AS_INDENT' : error.code
  const [message, hint] = TEXTS[code] ?? [undefined, null]
  const own = lowerFirst(error.message.split('\n')[0] ?? '')
  const said = code === 'MISSING_CHAR' || message === undefined ? own : message
  return { ...position, path: '', message: `not valid YAML: ${said}`, hint }
}
