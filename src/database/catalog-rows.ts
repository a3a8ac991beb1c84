/** The application's own list of its backups, read as found: any column may be missing or hold anything. */

import type { CatalogRecord, CatalogRow } from './records-contract.ts'
import { quoted, type Connection } from './connection.ts'
import { namesOfUsers } from './mirror-rows.ts'
import { withObserver } from './observer.ts'

/** More rows than any catalog has; a hostile one must not fill the memory. */
const ROWS_MAX = 100_000
/** Of a text for people, in UTF-16 units. */
const TEXT_MAX = 2000

type Values = Readonly<Record<string, unknown>>

/** See `DatabaseOperations.catalogRows`; newest first. */
export async function catalogRows({ database, table }: { database: string; table: string }): Promise<CatalogRow[]> {
  try {
    return await withObserver(database, (connection) => rowsOf(connection, table))
  } catch {
    // The contract: what cannot be read has no rows. Its caller finds the backups by their files.
    return []
  }
}

function rowsOf(connection: Connection, table: string): CatalogRow[] {
  const select = `SELECT * FROM main.${quoted(table)} ORDER BY rowid DESC LIMIT ${ROWS_MAX}`
  const rows: CatalogRow[] = []
  const usernames = namesOfUsers(connection, ROWS_MAX)
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
      record: recordOf(values, usernames),
    })
  }
  return rows
}

function recordOf(values: Values, usernames: ReadonlyMap<number, string>): CatalogRecord {
  const createdBy = whole(values['created_by'])
  return {
    id: whole(values['id']),
    errorMessage: shortened(values['error_message']),
    metadata: shortened(values['metadata']),
    description: shortened(values['description']),
    createdBy,
    createdByUsername: createdBy === null ? null : (usernames.get(createdBy) ?? null),
    startedAt: text(values['started_at']),
    completedAt: text(values['completed_at']),
  }
}

function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

/** The real application keeps the whole output of its script in `error_message`. */
function shortened(value: unknown): string | null {
  const full = text(value)
  return full === null || full.length <= TEXT_MAX ? full : `${full.slice(0, TEXT_MAX)}…`
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
