/** The proof that a database is sound, and the seal on the bytes that were proven. */

import type { CheckReport, CheckRequest, Inspection } from './contract.ts'
import { openGuarded, requireContent, type Connection } from './connection.ts'
import { identityOfOpen, syncAndDigest, type Digest } from './digest.ts'
import { requireAlone, withExclusive } from './exclusive.ts'
import { readHeader } from './header.ts'
import { inspectOpen } from './inspect.ts'
import { foreignKeysOf, integrityOf, isSound, type Verdict } from './integrity.ts'
import { syncFolderOf } from './place.ts'
import { withRegularFile } from './regular-file.ts'

/** For somebody who looks into the file at the same moment; milliseconds. */
const TIMEOUT_MS = 10_000

interface Findings extends Verdict, Pick<CheckReport, 'foreignKeyViolations' | 'foreignKeySample'> {
  /** null where the schema of a damaged file cannot be read. */
  readonly inspection: Inspection | null
}

/**
 * See `DatabaseOperations.check`. Writes nothing but what absorbing a `-wal` writes. A file that is not sound is
 * reported, not sealed; one that cannot be verified is sealed, for an operator may accept it.
 */
export async function check({ path, foreignKeys, absorb, seal }: CheckRequest): Promise<CheckReport> {
  const findings = absorb
    ? await withExclusive(path, TIMEOUT_MS, (connection) => examine(connection, path, foreignKeys))
    : await examineShared(path, foreignKeys)
  if (absorb || seal) await requireAlone(path)
  const worthy = isSound(findings) || findings.unverifiable !== null
  const digest = seal && worthy ? await sealFile(path) : null
  return {
    ...findings,
    inspection: findings.inspection ?? (await inspectHeader(path)),
    sha256: digest?.sha256 ?? null,
    identity: digest?.identity ?? null,
  }
}

async function examineShared(path: string, foreignKeys: boolean): Promise<Findings> {
  await requireContent(path)
  const connection = openGuarded(path, { timeout: TIMEOUT_MS })
  try {
    connection.pragma('query_only = ON')
    return await examine(connection, path, foreignKeys)
  } finally {
    connection.close()
  }
}

async function examine(connection: Connection, path: string, foreignKeys: boolean): Promise<Findings> {
  const verdict = integrityOf(connection)
  const none = { violations: 0, sample: [] }
  try {
    const inspection = await inspectOpen(connection, path)
    const { violations, sample } = foreignKeys ? foreignKeysOf(connection, inspection.tables) : none
    return { ...verdict, inspection, foreignKeyViolations: violations, foreignKeySample: sample }
  } catch (error) {
    if (isSound(verdict)) throw error
    return { ...verdict, inspection: null, foreignKeyViolations: 0, foreignKeySample: [] }
  }
}

/** Opens the file, so it comes after the connection is closed. */
async function inspectHeader(path: string): Promise<Inspection> {
  return { ...(await readHeader(path)), tables: [], schemaObjects: 0 }
}

/** A failed fsync is not repeated: the pages it failed on are dropped, and a second one would succeed. */
async function sealFile(path: string): Promise<Digest> {
  const digest = await withRegularFile(path, async (file) => {
    const sha256 = await syncAndDigest(file)
    return { sha256, identity: await identityOfOpen(file) }
  })
  await syncFolderOf(path)
  return digest
}
