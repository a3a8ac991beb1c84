/**
 * From bytes to text, refusing what is no plain UTF-8: a NUL or a half character in a request is a damaged file or a
 * trick, never something to guess at.
 */

import { fileProblem, type ManifestProblem } from './problem.ts'

export type Decoded = { readonly text: string } | { readonly problem: ManifestProblem }

const UTF16 = 'the file is UTF-16, not UTF-8'
const SAVE_AS_UTF8 = 'save it as UTF-8'

/** UTF-16 by its byte order mark or, where it has none, by the zero bytes that ASCII letters leave in it. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  const zeros = [first, second, third, fourth].map((byte) => byte === 0)
  return bytes.length >= 4 && zeros[0] === zeros[2] && zeros[1] === zeros[3] && zeros[0] !== zeros[1]
}

/** The line of the first byte that is not UTF-8: lines are decoded one by one, so the cost stays linear. */
function lineOfBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(0x0a, start)
    const end = newline === -1 ? bytes.length : newline + 1
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    start = end
  }
  return line
}

/** C0 controls other than tab and line ends, DEL and C1: not printable in YAML 1.2 (section 5.1). NEL is allowed there, not here. */
function isForbidden(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a && code !== 0x0d
  return code >= 0x7f && code <= 0x9f
}

function forbiddenCharacter(text: string): ManifestProblem | undefined {
  let line = 1
  let lineStart = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 0x0a) {
      line += 1
      lineStart = index + 1
    }
    if (!isForbidden(code)) continue
    const name =
      code === 0 ? 'a NUL byte' : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    const hint = code === 0 ? 'the file is damaged or not a text: write it again' : 'remove it'
    return fileProblem(`the file contains ${name}`, hint, { line, column: index - lineStart + 1 })
  }
  return undefined
}

/**
 * Decodes a manifest. A UTF-8 byte order mark at the very beginning is taken off (YAML 1.2, section 5.2).
 *
 * @param maxBytes the size at which a file is refused without a look inside.
 * @returns the text, or the one problem that keeps it from being one. Never throws.
 */
export function decodeManifest(bytes: Uint8Array, maxBytes: number): Decoded {
  if (bytes.length > maxBytes) return { problem: tooLarge(maxBytes) }
  if (isUtf16(bytes)) return { problem: fileProblem(UTF16, SAVE_AS_UTF8) }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const position = { line: lineOfBadByte(bytes), column: 1 }
    return { problem: fileProblem('the file is not valid UTF-8', SAVE_AS_UTF8, position) }
  }
  const problem = forbiddenCharacter(text)
  return problem === undefined ? { text } : { problem }
}

/** The problem of a file over the limit, also for whoever sees its size before reading it. */
export function tooLarge(maxBytes: number): ManifestProblem {
  return fileProblem(`the file is larger than ${maxBytes / 1024} KiB`, 'split it into several files')
}
