/**
 * What was recorded inside the replaced database and would be forgotten with it (decision D21): the application's catalog
 * of backups, its audit records, and that this restore took place.
 */

import { messageOf } from '../domain/errors.ts'
import { openGuarded, withReader, type Connection } from './connection.ts'
import type { MirrorRequest, MirrorResult } from './records-contract.ts'
import { mirrorAudit, recordAct } from './mirror-audit.ts'
import { mirrorCatalog } from './mirror-catalog.ts'
import { whyNotPlain } from './mirror-guard.ts'
import { MirrorWriter } from './mirror-writer.ts'

/** The application is up again and has the database open. To wait for its locks holds nobody up. */
const LOCK_MS = 5000

/**
 * See `DatabaseOperations.mirror`. In small transactions, and to do it again writes nothing twice. What cannot be carried
 * over is a warning; the daemon's own audit log has it in any case.
 *
 * @throws SqliteError where the restored database cannot be opened at all.
 */
export async function mirror(request: MirrorRequest): Promise<MirrorResult> {
  const { previous } = request
  if (previous === null) return write(request, null, [])
  const seen = { opened: false }
  try {
    return await withReader(previous, (connection) => {
      connection.defaultSafeIntegers(true)
      connection.prepare('SELECT count(*) FROM sqlite_schema').get()
      seen.opened = true
      return write(request, connection, [])
    })
  } catch (error) {
    if (seen.opened) throw error
    return write(request, null, [
      `the replaced database cannot be read, its newer records stay there: ${messageOf(error)}`,
    ])
  }
}

function write(request: MirrorRequest, previous: Connection | null, told: readonly string[]): MirrorResult {
  const { database, catalogTable, auditTable, audit } = request
  const restored = openGuarded(database, { timeout: LOCK_MS })
  try {
    restored.defaultSafeIntegers(true)
    restored.pragma('synchronous = FULL')
    restored.pragma('foreign_keys = ON')
    const writer = new MirrorWriter(restored)
    writer.warnings.push(...told)
    const counts = { catalogRows: 0, auditRows: 0 }
    if (previous !== null && catalogTable !== null) {
      counts.catalogRows = attempt(writer, previous, catalogTable, () =>
        mirrorCatalog(restored, previous, catalogTable, writer),
      )
    }
    if (auditTable !== null) {
      if (previous !== null) {
        counts.auditRows = attempt(writer, previous, auditTable, () =>
          mirrorAudit(restored, previous, auditTable, writer),
        )
      }
      counts.auditRows += attempt(writer, null, auditTable, () => recordAct(restored, auditTable, audit, writer))
    }
    return { ...counts, warnings: [...new Set(writer.warnings)] }
  } finally {
    restored.close()
  }

  /** One table's trouble must not cost the other's rows. */
  function attempt(writer: MirrorWriter, source: Connection | null, table: string, work: () => number): number {
    try {
      const why = whyNotPlain(restored, table) ?? (source === null ? null : whyNotPlain(source, table, 'read'))
      if (why === null) return work()
      writer.warnings.push(`${table}: ${why}; nothing was written to it`)
    } catch (error) {
      writer.warnings.push(`${table}: ${messageOf(error)}`)
    }
    return 0
  }
}
