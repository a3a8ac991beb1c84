/** The application's own list of its backups, read as found: any column may be missing or hold anything. */

import type { CatalogRow } from './contract.ts'
import { quoted, withReader, type Connection } from './connection.ts'

/** More rows than any catalog has; a hostile one must not fill the memory. */
const ROWS_MAX = 100_000

type Values = Readonly<Record<string, unknown>>

/** See `DatabaseOperations.catalogRows`; newest first. */
export async function catalogRows({ database, table }: { database: string; table: string }): Promise<CatalogRow[]> {
  try {
    return await withReader(database, (connection) => rowsOf(connection, table))
  } catch {
    // The contract: what cannot be read has no rows. Its caller finds the backups by their files.
    return []
  }
}

function rowsOf(connection: Connection, table: string): CatalogRow[] {
  const select = `SELECT * FROM main.${quoted(table)} ORDER BY rowid DESC LIMIT ${ROWS_MAX}`
  const rows: CatalogRow[] = []
  for (const values of connection.prepare<[], Values>(select).iterate()) {
    const backupId = text(values['backup_id'])
    if (backupId === null) continue
    rows.push({
      backupId,
      backupType: text(values['backup_type']) ?? '',
      filePath: text(values['file_path']),
      fileSize: typeof values['file_size'] === 'number' ? values['file_size'] : null,
      checksum:
        text(values['checksum'])
          ?.replace(/^sha256:/, '')
          .toLowerCase() ?? null,
      status: text(values['status']) ?? '',
      createdAt: text(values['created_at']),
    })
  }
  return rows
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
