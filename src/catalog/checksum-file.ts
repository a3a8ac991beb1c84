/** Reads the checksum file of a set, as `sha256sum` and its many relatives write it (manual 6.2; R88), from text that anybody may have written. */

import { constants } from 'node:fs'

import { messageOf } from '../domain/errors.ts'
import { openUnmarked } from '../sandbox/unmarked.ts'
import { readLine } from './checksum-line.ts'
import { printableName } from './file-name.ts'

/** A checksum file of a set has five lines; this is room for hundreds. */
export const CHECKSUM_FILE_LIMIT_BYTES = 64 * 1024

const EXPECTED = 'expected is HEX, two spaces, NAME, as sha256sum writes it'
const SHOWN = 60
const MOST_SAID = 5

export interface Recorded {
  /** The file's own name; null where the checksum stands alone. */
  readonly name: string | null
  /** null where it is of another algorithm. */
  readonly sha256: string | null
  readonly algorithm: string
  /** From 1. */
  readonly line: number
}

export interface OtherLine {
  readonly text: string
  readonly line: number
}

export interface ChecksumFileContent {
  readonly records: readonly Recorded[]
  /** Lines that hold no checksum, such as what a program wrote to its error output. */
  readonly others: readonly OtherLine[]
  /** Lines with a checksum of which it cannot be told whose it is. */
  readonly unclear: readonly OtherLine[]
  /** What is wrong with the file, one sentence each, its unclear lines aside; not empty: trust nothing of it. */
  readonly faults: readonly string[]
}

export interface ChecksumsOfSet {
  /** SHA-256 in lower-case hex by the name of the member. */
  readonly entries: ReadonlyMap<string, string>
  readonly faults: readonly string[]
  /** What is to be said of a file that can be used. */
  readonly remarks: readonly string[]
}

/** Parses the content of a checksum file. Never throws. */
export function parseChecksumFile(bytes: Buffer | string): ChecksumFileContent {
  const text = typeof bytes === 'string' ? bytes.replace(/^\uFEFF/, '') : decode(bytes)
  if (text === null || text.includes('\0')) {
    return { ...NOTHING, faults: ['it is no text: it holds NUL bytes'] }
  }
  const records: Recorded[] = []
  const others: OtherLine[] = []
  const unclear: OtherLine[] = []
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const line = index + 1
    const read = readLine(raw)
    if (read.kind === 'record') records.push({ name: read.name, ...read.digest, line })
    else if (read.kind === 'unclear') unclear.push({ text: shown(raw), line })
    else if (read.kind === 'other') others.push({ text: shown(raw), line })
  })
  return { records, others, unclear, faults: [] }
}

const NOTHING: ChecksumFileContent = { records: [], others: [], unclear: [], faults: [] }

/**
 * What a checksum file says of one set.
 *
 * @param members the names that the set's files have or would have, the `.db` first: a checksum that stands alone is its.
 * @param needed those of them that a restore would use: a line that only speaks of one says that its checksum failed.
 */
export function checksumsOfSet(
  content: ChecksumFileContent,
  members: readonly string[],
  needed: readonly string[] = members,
): ChecksumsOfSet {
  const entries = new Map<string, string>()
  const faults = [
    ...content.faults,
    ...content.unclear.map(({ line, text }) => `line ${line} (${text}) cannot be understood; ${EXPECTED}`),
  ]
  const elsewise: Recorded[] = []
  for (const record of content.records) {
    const member = memberOf(record, members)
    if (member === undefined) continue
    if (record.sha256 === null) {
      elsewise.push({ ...record, name: member })
      continue
    }
    const earlier = entries.get(member)
    if (earlier === undefined) entries.set(member, record.sha256)
    else if (earlier !== record.sha256)
      faults.push(`line ${record.line} gives ${printableName(member)} a second checksum`)
  }
  const remarks: string[] = []
  for (const { name, line, algorithm } of elsewise) {
    const sentence = `line ${line} gives a checksum of another kind (${algorithm})`
    // Some write several kinds into one file: the SHA-256 among them is enough.
    if (name !== null && entries.has(name)) remarks.push(`${sentence}, which is not used`)
    else faults.push(`${sentence}; expected is SHA-256, 64 hexadecimal digits`)
  }
  for (const { line, text } of content.others) {
    const speaksOf = needed.find((name) => !entries.has(name) && mentions(text, name))
    if (speaksOf === undefined) remarks.push(`line ${line} is no checksum: ${text}`)
    else faults.push(`line ${line} speaks of ${printableName(speaksOf)} and gives no checksum: ${text}`)
  }
  return { entries, faults: faults.slice(0, MOST_SAID), remarks: remarks.slice(0, MOST_SAID) }
}

/**
 * Reads and parses one checksum file. Never throws: what cannot be read is a fault.
 *
 * @param path proven to be a regular file; a symbolic link put there since is not followed.
 */
export async function readChecksumFile(
  path: string,
  limitBytes = CHECKSUM_FILE_LIMIT_BYTES,
): Promise<ChecksumFileContent> {
  try {
    return parseChecksumFile(await readBounded(path, limitBytes))
  } catch (error) {
    return { ...NOTHING, faults: [messageOf(error)] }
  }
}

/** Some programs align the names with more blanks than GNU does; a name that fits as it stands comes first. */
export function memberOf({ name }: Pick<Recorded, 'name'>, members: readonly string[]): string | undefined {
  if (name === null) return members[0]
  if (members.includes(name)) return name
  const loose = name.trim().replace(/^\*/, '')
  return members.includes(loose) ? loose : undefined
}

export function mentions(text: string, name: string): boolean {
  const at = text.indexOf(name)
  return at >= 0 && !/[\w.-]/.test(text.charAt(at + name.length))
}

function shown(text: string): string {
  const printable = printableName(text.trim())
  return printable.length > 4 * SHOWN ? `${printable.slice(0, 4 * SHOWN)}…` : printable
}

/** UTF-8, or UTF-16 as PowerShell's `>` writes it; null where it cannot be text. */
function decode(bytes: Buffer): string | null {
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === 0xfeff) return utf16(bytes.subarray(2), 'big')
  if (bytes.length >= 2 && bytes.readUInt16BE(0) === 0xfffe) return utf16(bytes.subarray(2), 'little')
  if (bytes.includes(0)) {
    const [even, odd] = [0, 1].map((rest) => bytes.every((byte, index) => index % 2 !== rest || byte === 0))
    return odd === true ? utf16(bytes, 'little') : even === true ? utf16(bytes, 'big') : null
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

function utf16(bytes: Buffer, order: 'big' | 'little'): string | null {
  if (bytes.length % 2 !== 0) return null
  return (order === 'little' ? bytes : Buffer.from(bytes).swap16()).toString('utf16le')
}

async function readBounded(path: string, limitBytes: number): Promise<Buffer> {
  // O_NONBLOCK: a FIFO put in the file's place must not hang the daemon
  const file = await openUnmarked(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = await file.stat()
    if (!stats.isFile()) throw new Error('it is no regular file')
    // One byte more than it has: a file that grows meanwhile is seen to be longer, and read on.
    let buffer = Buffer.allocUnsafe(Math.min(stats.size, limitBytes) + 1)
    let length = 0
    for (;;) {
      if (length > limitBytes) throw new Error(`it is larger than ${limitBytes} bytes`)
      if (length === buffer.length) buffer = Buffer.concat([buffer], limitBytes + 1)
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) return buffer.subarray(0, length)
      length += bytesRead
    }
  } finally {
    await file.close()
  }
}
