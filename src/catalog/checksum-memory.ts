/** Checksum files that were read before and have not changed since, for whoever lists the same thousands again and again. */

import { readChecksumFile, type ChecksumFileContent } from './checksum-file.ts'
import type { MemberFile } from './members.ts'

/** @param file as it was just looked at. Never rejects: what cannot be read is a fault of the file. */
export type ReadChecksums = (file: MemberFile) => Promise<ChecksumFileContent>

/** A file system counts in ticks of some ms: what changed lately may change once more without showing it. */
const SETTLED_MS = 2000

interface Known {
  readonly stamp: string
  readonly content: ChecksumFileContent
}

/** Of one listing. Each remembers what it has read itself or taken over, so files that are gone are forgotten. */
export class ChecksumMemory {
  readonly #nowMs: number
  readonly #before: ReadonlyMap<string, Known>
  readonly #known = new Map<string, Known>()

  /** @param before the memory of the listing before. */
  constructor(nowMs: number, before?: ChecksumMemory) {
    this.#nowMs = nowMs
    this.#before = before?.known ?? new Map<string, Known>()
  }

  get known(): ReadonlyMap<string, Known> {
    return this.#known
  }

  readonly read: ReadChecksums = async (file) => {
    const stamp = stampOf(file)
    const before = this.#before.get(file.path)
    if (before?.stamp === stamp) {
      this.#known.set(file.path, before)
      return before.content
    }
    // Replaced since the look, it is taken down under the old stamp, and read anew next time.
    const content = await readChecksumFile(file.path)
    const isSettled = Math.abs(this.#nowMs - file.ctimeMs) > SETTLED_MS
    if (isSettled && content.faults.length === 0) this.#known.set(file.path, { stamp, content })
    return content
  }
}

/** Nobody sets the time at which an inode changed. */
function stampOf({ ino, sizeBytes, mtimeMs, ctimeMs }: MemberFile): string {
  return `${ino}:${sizeBytes}:${mtimeMs}:${ctimeMs}`
}
