/** Reads a `-wal` as SQLite's recovery does, without SQLite (https://sqlite.org/fileformat2.html, 4). */

import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const MAGIC_LITTLE = 0x377f0682
const MAGIC_BIG = 0x377f0683
const VERSION = 3_007_000

export interface WalHeader {
  readonly pageSize: number
  /** How often this file was begun anew after a checkpoint, as the writer counted. */
  readonly sequence: number
}

/** A frame that is committed: what SQLite reads of the file. */
export interface WalFrame {
  readonly page: number
  /** Where its page begins in the file. */
  readonly offset: number
  /** Size of the database in pages where the frame ends a transaction, else 0. */
  readonly commit: number
}

export interface WalContent {
  /** null: it begins with no valid header, and SQLite reads nothing of it. */
  readonly header: WalHeader | null
  readonly frames: readonly WalFrame[]
  /** A commit of the same generation lies beyond a frame that does not check out: SQLite would not read it. */
  readonly commitsBeyond: boolean
}

type Sum = readonly [number, number]

/**
 * The content of a `-wal` up to its last commit. Frames of an earlier generation, and those of a transaction that did not
 * commit, are none.
 *
 * @param file open for reading; its position is not used.
 */
export async function readWal(file: FileHandle): Promise<WalContent> {
  const { size } = await file.stat()
  const head = readAt(file, 0, HEADER_BYTES)
  const nothing = { header: null, frames: [], commitsBeyond: false }
  if (head.length < HEADER_BYTES) return nothing
  const magic = head.readUInt32BE(0)
  const bigEndian = magic === MAGIC_BIG
  if (!bigEndian && magic !== MAGIC_LITTLE) return nothing
  let sum = checksum(head.subarray(0, 24), [0, 0], bigEndian)
  const pageSize = head.readUInt32BE(8)
  const usable = isPageSize(pageSize) && head.readUInt32BE(4) === VERSION
  if (!usable || !sameSum(head, 24, sum)) return nothing
  const frames: WalFrame[] = []
  let committed = 0
  let whole = true
  let commitsBeyond = false
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES + pageSize <= size; at += FRAME_HEADER_BYTES + pageSize) {
    // Past the first frame that does not check out only the headers tell something.
    const bytes = readAt(file, at, FRAME_HEADER_BYTES + (whole ? pageSize : 0))
    if (bytes.compare(head, 16, 24, 8, 16) !== 0) {
      // The rest is of an earlier generation.
      if (whole) break
      continue
    }
    const frame = { page: bytes.readUInt32BE(0), commit: bytes.readUInt32BE(4), offset: at + FRAME_HEADER_BYTES }
    if (whole) {
      sum = checksum(bytes.subarray(FRAME_HEADER_BYTES), checksum(bytes.subarray(0, 8), sum, bigEndian), bigEndian)
      whole = frame.page !== 0 && sameSum(bytes, 16, sum)
    }
    if (whole) frames.push(frame)
    else commitsBeyond ||= frame.commit !== 0
    if (whole && frame.commit !== 0) committed = frames.length
  }
  const header = { pageSize, sequence: head.readUInt32BE(12) }
  return { header, frames: frames.slice(0, committed), commitsBeyond }
}

/** @returns fewer bytes where the file ends. */
export function readAt(file: FileHandle, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const read = readSync(file.fd, bytes, done, length - done, position + done)
    if (read === 0) break
    done += read
  }
  return bytes.subarray(0, done)
}

/** Two running sums over pairs of 32-bit words, each pair taking in the other sum (4.2). */
function checksum(bytes: Buffer, [first, second]: Sum, bigEndian: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let one = first
  let two = second
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    one = (one + view.getUint32(at, !bigEndian) + two) >>> 0
    two = (two + view.getUint32(at + 4, !bigEndian) + one) >>> 0
  }
  return [one, two]
}

function sameSum(bytes: Buffer, at: number, [one, two]: Sum): boolean {
  return bytes.readUInt32BE(at) === one && bytes.readUInt32BE(at + 4) === two
}

function isPageSize(bytes: number): boolean {
  return bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0
}
