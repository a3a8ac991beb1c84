/** The lists of checksums that a whole folder has (`SHA256SUMS`, `sha256sums.txt`), beside the files of one set each. */

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  memberOf,
  mentions,
  readChecksumFile,
  type ChecksumFileContent,
  type OtherLine,
  type Recorded,
} from './checksum-file.ts'

/** Ten thousand backups with three members each. */
const LIMIT_BYTES = 4 * 1024 * 1024

const NAME = /^sha-?256sums?(\.txt)?$/i

export interface FolderChecksums {
  readonly path: string
  readonly content: ChecksumFileContent
  /** By the name as it is written, without blanks and the mark of binary mode. */
  readonly byName: ReadonlyMap<string, readonly Recorded[]>
}

/**
 * Reads the lists of one folder. Never throws: what cannot be read is a fault of the list.
 *
 * @param names what the folder holds, where that is known.
 */
export async function folderChecksums(folder: string, names?: readonly string[]): Promise<FolderChecksums[]> {
  const found = (names ?? (await readdir(folder).catch(() => []))).filter((name) => NAME.test(name)).sort()
  return Promise.all(
    found.map(async (name) => {
      const path = join(folder, name)
      const content = await readChecksumFile(path, LIMIT_BYTES)
      const byName = new Map<string, Recorded[]>()
      for (const record of content.records) {
        const key = plain(record.name ?? '')
        const records = byName.get(key)
        if (records === undefined) byName.set(key, [record])
        else records.push(record)
      }
      return { path, content, byName }
    }),
  )
}

/**
 * What a folder's list says of one set: the lines that name its members. What is wrong with another line is no fault of this set;
 * a list that cannot be read at all may hold anything, so it is.
 *
 * @param names of the set's members.
 */
export function contentOfSet({ content, byName }: FolderChecksums, names: readonly string[]): ChecksumFileContent {
  const ofSet = ({ text }: OtherLine): boolean => names.some((name) => mentions(text, name))
  return {
    records: names
      .flatMap((name) => byName.get(name) ?? [])
      .filter((record) => memberOf(record, names) !== undefined)
      .sort((a, b) => a.line - b.line),
    others: content.others.filter(ofSet),
    unclear: content.unclear.filter(ofSet),
    faults: content.faults,
  }
}

/** As `memberOf` compares it. */
function plain(name: string): string {
  return name.trim().replace(/^\*/, '')
}
