/** One line of a checksum file, in each of the forms that the programs of this trade write. */

import { holdsDigest, readDigest, type DigestText } from './digest-text.ts'

export type ChecksumLine =
  /** `name` is the file's own, without its folders; null where the checksum stands alone. */
  | { readonly kind: 'record'; readonly name: string | null; readonly digest: DigestText }
  /** There is a checksum in it, and whose cannot be told. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'other' }

/** `SHA256 (NAME) = HEX` of BSD and of `sha256sum --tag`; `SHA2-256(NAME)= HEX` of openssl. */
const TAGGED = /^([a-z0-9-]+) ?\((.+)\) ?= ?(\S+)$/is
/** `(stdin)= HEX` of openssl. */
const OF_INPUT = /^(?:([a-z0-9-]+) ?)?\((?:stdin|-)\) ?= ?(\S+)$/i
/** `HEX  NAME` (text) and `HEX *NAME` (binary) of GNU, and the one blank of BSD's reversed form. */
const FIRST = /^(\S+)[ \t][ *]?(.+)$/s
/** `NAME: HEX`, `NAME = HEX`, `NAME HEX`. */
const LAST = /^(\S.*?)[ \t]*[:=\t ][ \t]*(\S+)$/s

/** Reads a line without its end. Never throws. */
export function readLine(line: string): ChecksumLine {
  if (line.trim() === '' || /^[#;]/.test(line)) return { kind: 'comment' }
  const escaped = line.startsWith('\\')
  const body = escaped ? line.slice(1) : line
  const bare = readDigest(body.trim())
  if (bare !== null) return { kind: 'record', name: null, digest: bare }
  const found = ofInput(body) ?? tagged(body) ?? first(body) ?? last(body)
  if (found === null) return { kind: holdsDigest(line) ? 'unclear' : 'other' }
  const [written, digest] = found
  if (written === null || written === '-') return { kind: 'record', name: null, digest }
  const name = bareName(escaped ? unescapeName(written) : written)
  return name === null ? { kind: 'unclear' } : { kind: 'record', name, digest }
}

type Found = readonly [name: string | null, digest: DigestText]

function ofInput(body: string): Found | null {
  const [, label, word] = OF_INPUT.exec(body) ?? []
  const digest = word === undefined ? null : readDigest(word, label)
  return digest === null ? null : [null, digest]
}

function tagged(body: string): Found | null {
  const [, label, name, word] = TAGGED.exec(body) ?? []
  const digest = word === undefined ? null : readDigest(word, label)
  return name === undefined || digest === null ? null : [name, digest]
}

function first(body: string): Found | null {
  const [, word = '', name = ''] = FIRST.exec(body) ?? []
  const digest = readDigest(word)
  // A second checksum in the line: whose is which cannot be told.
  return digest === null || holdsDigest(name) ? null : [name, digest]
}

/** The name must look like one: `SHA256 hash of x.db: HEX` is a sentence, and whose checksum it gives is a guess. */
function last(body: string): Found | null {
  const [, name = '', word = ''] = LAST.exec(body) ?? []
  const digest = readDigest(word)
  return digest === null || holdsDigest(name) || /[ \t]/.test(name) ? null : [name, digest]
}

/** coreutils marks a line with a leading backslash when it has escaped a newline, a carriage return or a backslash. */
function unescapeName(name: string): string {
  return name.replaceAll(/\\([nr\\])/g, (_, mark: string) => (mark === 'n' ? '\n' : mark === 'r' ? '\r' : '\\'))
}

/**
 * The file's own name: the checksum file may have been written elsewhere, with absolute names or names that lead up. Only
 * ever compared with the names of the set, never opened.
 */
function bareName(name: string): string | null {
  const isWindows = /^([a-z]:[\\/]|\\\\|\.{1,2}\\)/i.test(name)
  const bare = name.slice(Math.max(name.lastIndexOf('/'), isWindows ? name.lastIndexOf('\\') : -1) + 1)
  return bare === '' || bare === '.' || bare === '..' ? null : bare
}
