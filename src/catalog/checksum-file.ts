/** Reads checksum files as `sha256sum` writes them (manual 6.2; R88), from text that anybody may have written. */

import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { messageOf } from '../domain/errors.ts'
import { printableName } from './file-name.ts'

/** A checksum file of a set has five lines; this is room for hundreds. */
export const CHECKSUM_FILE_LIMIT_BYTES = 64 * 1024

interface ChecksumFileContent {
  /** SHA-256 in lower-case hex by bare file name. */
  readonly entries: ReadonlyMap<string, string>
  /** What is wrong with the file, one sentence each; not empty: trust nothing of it. */
  readonly faults: readonly string[]
}

interface Line {
  readonly name: string
  readonly sha256: string
}

/** `HEX  NAME` (text) and `HEX *NAME` (binary) of GNU coreutils, and the one blank of BSD's reversed form. */
const GNU = /^([0-9a-f]{64})[ \t][ *]?(.+)$/is
/** `SHA256 (NAME) = HEX` of BSD's sha256 and of `sha256sum --tag`. */
const BSD = /^SHA256 \((.+)\) = ([0-9a-f]{64})$/is

/**
 * Parses the content of a checksum file. Blank lines and `#` comments are skipped; CRLF and a byte order mark are allowed.
 * Names are relative to the file's own folder: one that leads elsewhere is a fault, as is a second, different checksum of one name.
 * Never throws.
 */
export function parseChecksumFile(text: string): ChecksumFileContent {
  const entries = new Map<string, string>()
  const faults: string[] = []
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  lines.forEach((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line.trim() === '' || line.startsWith('#')) return
    const parsed = parseLine(line)
    if (typeof parsed === 'string') faults.push(`line ${index + 1} ${parsed}`)
    else if ((entries.get(parsed.name) ?? parsed.sha256) !== parsed.sha256) {
      faults.push(`line ${index + 1} gives ${printableName(parsed.name)} a second checksum`)
    } else entries.set(parsed.name, parsed.sha256)
  })
  return { entries, faults: faults.slice(0, 5) }
}

/**
 * Reads and parses one checksum file. Never throws: what cannot be read is a fault.
 *
 * @param path proven to be a regular file; a symbolic link put there since is not followed.
 */
export async function readChecksumFile(path: string): Promise<ChecksumFileContent> {
  try {
    return parseChecksumFile(await readBounded(path))
  } catch (error) {
    return { entries: new Map(), faults: [messageOf(error)] }
  }
}

function parseLine(line: string): Line | string {
  const escaped = line.startsWith('\\')
  const body = escaped ? line.slice(1) : line
  const gnu = GNU.exec(body)
  const bsd = gnu === null ? BSD.exec(body) : null
  const sha256 = gnu?.[1] ?? bsd?.[2]
  const written = gnu?.[2] ?? bsd?.[1]
  if (sha256 === undefined || written === undefined) return 'is not in the format of sha256sum'
  const name = escaped ? unescapeName(written) : written
  const bare = name.startsWith('./') ? name.slice(2) : name
  if (bare === '' || bare === '.' || bare === '..' || /[/\0]/.test(bare)) {
    return `names a file outside its folder: ${printableName(name)}`
  }
  return { name: bare, sha256: sha256.toLowerCase() }
}

/** coreutils marks a line with a leading backslash when it has escaped a newline, a carriage return or a backslash. */
function unescapeName(name: string): string {
  return name.replaceAll(/\\([nr\\])/g, (_, mark: string) => (mark === 'n' ? '\n' : mark === 'r' ? '\r' : '\\'))
}

async function readBounded(path: string): Promise<string> {
  // O_NONBLOCK: a FIFO put in the file's place must not hang the daemon
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new Error('it is no regular file')
    const buffer = Buffer.alloc(CHECKSUM_FILE_LIMIT_BYTES + 1)
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) return buffer.toString('utf8', 0, length)
      length += bytesRead
    }
    throw new Error(`it is larger than ${CHECKSUM_FILE_LIMIT_BYTES} bytes`)
  } finally {
    await file.close()
  }
}
