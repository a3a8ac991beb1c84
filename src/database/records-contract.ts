/** The records that the application keeps of its backups and restores, inside the database itself (decision D21). */

/** A row of the application's own catalog (`backup_logs`), as found. */
export interface CatalogRow {
  readonly backupId: string
  readonly backupType: string
  readonly filePath: string | null
  readonly fileSize: number | null
  /** Lower-case hex without the `sha256:` prefix. */
  readonly checksum: string | null
  readonly status: string
  readonly createdAt: string | null
  readonly record: CatalogRecord
}

/** What the application keeps of a backup for people: nothing is decided by it. Each as found, null where it is absent. */
export interface CatalogRecord {
  readonly id: number | null
  readonly errorMessage: string | null
  readonly metadata: string | null
  readonly description: string | null
  readonly createdBy: number | null
  readonly createdByUsername: string | null
  readonly startedAt: string | null
  readonly completedAt: string | null
}

export interface MirrorRequest {
  /** The database that the application uses. */
  readonly database: string
  /** Where rows newer than the backup are read from: the safety backup; null where there is none that opens. */
  readonly previous: string | null
  readonly catalogTable: string | null
  readonly auditTable: string | null
  /** The audit row of this restore, or of a verification; written once, recognised by `uid` in its details. */
  readonly audit: {
    /** As the application spells it; absent: a restore. */
    readonly operation?: 'restore' | 'verify'
    readonly uid: string
    readonly backupId: string
    /** Who asked for it. */
    readonly username: string
    /** The application's user to book on where it does not know that one; null: none. */
    readonly auditUser: string | null
    readonly status: 'success' | 'failure'
    readonly errorMessage: string | null
    readonly details: Readonly<Record<string, unknown>>
    readonly at: string
  }
}

export interface MirrorResult {
  readonly catalogRows: number
  readonly auditRows: number
  /** What could not be written and why, for a warning event each. */
  readonly warnings: readonly string[]
}

export interface RevokedTokensRequest {
  readonly database: string
  readonly table: string
  /** Identifiers (`jti`). */
  readonly tokens: readonly string[]
}

export interface RevokedTokensResult {
  /** Those of the tokens that are listed. */
  readonly revoked: readonly string[]
  /** Why the list could not be asked; null where it could. */
  readonly problem: string | null
}
