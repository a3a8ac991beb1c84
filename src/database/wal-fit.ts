/**
 * Whether a `-wal` belongs to the main file beside it. SQLite does not ask: the main file holds nothing of the salts, and
 * frames of another database are replayed into it without a word. What a `-wal` that continues a main file must have in
 * common with it follows from how SQLite writes both; decision 0059 says from what, and what stays unknown.
 */

import type { FileHandle } from 'node:fs/promises'
import type { WalFit } from './contract.ts'
import { readAt, readWal, type WalContent, type WalFrame } from './wal-file.ts'

const PAGE_ONE_TREE = 100
const IN_WAL_MODE = 2

interface PageOne {
  readonly bytes: Buffer
  readonly changes: number
  readonly schema: number
}

/**
 * Compares the two files of a set.
 *
 * @param main the main file, open for reading; no process may have it open in SQLite.
 */
export async function judgeWal(main: FileHandle, wal: FileHandle): Promise<WalFit> {
  const { size } = await wal.stat()
  if (size === 0) return fit('nothing', 'it is empty')
  const content = await readWal(wal)
  if (content.header === null) return fit('doubtful', `its ${size} bytes do not begin like a -wal: it is damaged`)
  if (content.commitsBeyond)
    return fit('doubtful', 'it is damaged: a frame does not check out and commits lie behind it')
  if (content.frames.length === 0) return fit('nothing', 'it holds no committed transaction')
  const head = readAt(main, 0, PAGE_ONE_TREE)
  const pageSize = head.length < PAGE_ONE_TREE ? 0 : pageSizeOf(head)
  if (pageSize !== content.header.pageSize) {
    return fit('impossible', `its pages have ${content.header.pageSize} bytes, those of the database ${pageSize}`)
  }
  // The mode is written to the main file, and synced, before the first frame is written.
  if (head[19] !== IN_WAL_MODE) {
    return fit('impossible', 'it holds frames, and the header of the database says that it has no -wal')
  }
  return doubtOf(main, wal, content, pageSize) ?? fit('continues', '')
}

function fit(verdict: WalFit['verdict'], why: string): WalFit {
  return { verdict, why }
}

function pageSizeOf(head: Buffer): number {
  const written = head.readUInt16BE(16)
  return written === 1 ? 65_536 : written
}

function doubtOf(main: FileHandle, wal: FileHandle, content: WalContent, pageSize: number): WalFit | null {
  const present = pageOne(readAt(main, 0, pageSize))
  const ones = content.frames.filter(({ page }) => page === 1)
  const [first] = ones
  const doubt = (why: string | null): WalFit | null => (why === null ? null : fit('doubtful', why))
  if (first === undefined) return doubt(doubtWithoutPageOne(main, wal, content, present))
  const taken = ones.findLast(({ offset }) => readAt(wal, offset, pageSize).equals(present.bytes))
  if (taken !== undefined) return doubtOfCheckpoint(main, wal, content, taken, pageSize)
  const written = pageOne(readAt(wal, first.offset, pageSize))
  return doubt(doubtOfBeginning(present, written, content.header?.sequence ?? 0))
}

/**
 * A transaction that leaves page 1 alone allocates and frees nothing: the database keeps its size, and a page its kind.
 */
function doubtWithoutPageOne(
  main: FileHandle,
  wal: FileHandle,
  { frames, header }: WalContent,
  present: PageOne,
): string | null {
  const pageSize = header?.pageSize ?? 0
  const pages = present.bytes.readUInt32BE(28)
  const counted = present.changes === present.bytes.readUInt32BE(92)
  const other = frames.find(({ commit }) => commit !== 0 && commit !== pages)
  if (counted && other !== undefined) {
    return `it is of a database of ${other.commit} pages, this one has ${pages}`
  }
  const hasPointerMap = present.bytes.readUInt32BE(52) !== 0
  if (hasPointerMap) return null
  for (const { page, offset } of frames) {
    const here = treeKind(readAt(main, (page - 1) * pageSize, 1))
    const there = treeKind(readAt(wal, offset, 1))
    if (here !== there) return `page ${page} is of another kind in it than in the database`
  }
  return null
}

/** A page of a b-tree begins with one of four numbers; any other is of a chain and has no kind. */
function treeKind(bytes: Buffer): number {
  const [kind = 0] = bytes
  return [2, 5, 10, 13].includes(kind) ? kind : 0
}

/**
 * Page 1 of the main file is one of the `-wal`'s own: it came there by a checkpoint, and the pages that were written
 * before it came along. After a checkpoint of all of it the next writer begins the file anew, unless somebody reads it.
 */
function doubtOfCheckpoint(
  main: FileHandle,
  wal: FileHandle,
  { frames }: WalContent,
  taken: WalFrame,
  pageSize: number,
): WalFit | null {
  const versions = new Map<number, WalFrame[]>()
  for (const frame of frames) versions.set(frame.page, [...(versions.get(frame.page) ?? []), frame])
  const size = frames.at(-1)?.commit ?? 0
  let behind = 0
  for (const [page, written] of versions) {
    if (page > size) continue
    const here = readAt(main, (page - 1) * pageSize, pageSize)
    const known = written.findLast(({ offset }) => readAt(wal, offset, pageSize).equals(here))
    const came = written.some(({ offset }) => offset <= taken.offset)
    if (known === undefined && came) {
      return fit('doubtful', `page ${page} of the database is in no state that it had in it`)
    }
    if (known !== written.at(-1)) behind += 1
  }
  return behind === 0
    ? null
    : fit('partial', `the database holds a part of its transactions, ${behind} pages are behind`)
}

/** The main file is what stood there before the first frame: the first change of page 1 in the `-wal` is the next one. */
function doubtOfBeginning(present: PageOne, written: PageOne, sequence: number): string | null {
  const step = (written.changes - present.changes) >>> 0
  // A connection that goes on after its own checkpoint counts from where it had read page 1.
  const isNext = step === 1 || (step === 0 && sequence > 0)
  if (!isNext) {
    return `it begins at change ${written.changes} of its database, this one is at change ${present.changes}`
  }
  const schemaAge = (written.schema - present.schema) | 0
  if (schemaAge < 0) return `its schema is older (${written.schema}) than that of the database (${present.schema})`
  const sameTree = written.bytes.subarray(PAGE_ONE_TREE).equals(present.bytes.subarray(PAGE_ONE_TREE))
  return schemaAge === 0 && !sameTree ? 'it is of a database with another schema' : null
}

function pageOne(bytes: Buffer): PageOne {
  return { bytes, changes: bytes.readUInt32BE(24), schema: bytes.readUInt32BE(40) }
}
