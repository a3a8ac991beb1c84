/**
 * Whether a database holds what its SQL dump says: the same schema, and in each table the same rows. The dump is text that
 * somebody may have written: its statements meet nothing but an empty database in memory, and only those that a dump is made of.
 */

import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'
import { codeOf, messageOf } from '../domain/errors.ts'
import { withReader } from './connection.ts'
import type { DumpComparison } from './contract.ts'
import { Difference, DumpedContent } from './dumped-content.ts'
import { withRegularFile } from './regular-file.ts'
import { StatementSplitter } from './sql-statements.ts'

export interface DumpRequest {
  /** A copy that nobody else uses. */
  readonly database: string
  /** The `.sql.gz`. */
  readonly dump: string
}

/** A dump is longer than its database where that is small, and hardly where it is not. */
const MOST_TIMES = 16
const AT_LEAST_BYTES = 64 * 1024 * 1024

/** See `DatabaseOperations.compareWithDump`. Memory does not grow with the number of rows; nothing is written. */
export async function compareWithDump({ database, dump }: DumpRequest): Promise<DumpComparison> {
  return withReader(database, async (connection) => {
    const number = (pragma: string): number => Number(connection.pragma(pragma, { simple: true }))
    const mostBytes = Math.max(MOST_TIMES * number('page_count') * number('page_size'), AT_LEAST_BYTES)
    const content = new DumpedContent(connection)
    try {
      const sha256 = await withRegularFile(dump, (file) => readDump(file, mostBytes, content))
      return { difference: null, sha256, ...content.compare() }
    } catch (error) {
      if (!(error instanceof Difference)) throw error
      return { difference: error.message, sha256: null, tables: 0, rows: 0 }
    } finally {
      content.close()
    }
  })
}

/** @returns the SHA-256 of the packed bytes that were read. */
async function readDump(file: FileHandle, mostBytes: number, content: DumpedContent): Promise<string> {
  const hash = createHash('sha256')
  const splitter = new StatementSplitter()
  const decoder = new StringDecoder('utf8')
  let readBytes = 0
  const take = (text: string): void => {
    for (const statement of splitter.add(text)) content.take(statement)
  }
  try {
    await pipeline(
      file.createReadStream({ autoClose: false, start: 0 }),
      async function* (packed: AsyncIterable<Buffer>) {
        for await (const bytes of packed) {
          hash.update(bytes)
          yield bytes
        }
      },
      createGunzip(),
      async (unpacked: AsyncIterable<Buffer>) => {
        for await (const bytes of unpacked) {
          readBytes += bytes.length
          if (readBytes > mostBytes) throw new Difference('the dump is far larger than the database')
          take(decoder.write(bytes))
        }
      },
    )
  } catch (error) {
    if (codeOf(error)?.startsWith('Z_') === true) throw new Difference(`the dump is damaged: ${messageOf(error)}`)
    throw error
  }
  take(decoder.end())
  if (splitter.rest() !== '') throw new Difference('the dump ends in the middle of a statement')
  return hash.digest('hex')
}
