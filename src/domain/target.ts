/** A target: one database of the configuration, everything resolved to absolute paths and milliseconds. */

export interface CommandSpec {
  readonly name: string
  readonly command: readonly string[]
  readonly timeoutMs: number
}

export interface ServiceSpec {
  readonly unit?: string
  readonly command?: {
    readonly stop: readonly string[]
    readonly start: readonly string[]
    /** Exit status 0 means running, 3 means stopped, as `systemctl is-active`. */
    readonly status?: readonly string[]
  }
  readonly stopTimeoutMs: number
  readonly startTimeoutMs: number
}

export interface SmokeQuery {
  readonly name: string
  readonly sql: string
  readonly min?: number
  readonly max?: number
}

/** A login at the application, as its login page makes one: a POST of a JSON object (manual 11-3). */
export interface LoginProbe {
  readonly url: string
  readonly username: string
  /** Holds the password alone. Read when it is needed, and by nobody but its owner. */
  readonly passwordFile: string
  readonly usernameField: string
  readonly passwordField: string
  readonly expectStatus: number
  /** The member of the JSON answer that holds the token; null: the status is enough. */
  readonly tokenField: string | null
  readonly timeoutMs: number
  readonly insecureSkipVerify: boolean
}

export interface Target {
  readonly name: string
  readonly database: string
  readonly backups: {
    readonly path: string
    /** The first part of each backup's file name: `STEM_daily_YYYYMMDD_HHMMSS.db` (manual 2.3). */
    readonly stem: string
    /** IANA zone of the times in those names. */
    readonly timezone: string
    readonly catalogTable: string | null
    readonly auditTable: string | null
    /** Names of other targets whose safety backups lie in the same directory, whatever it is called there. */
    readonly sharedWith?: readonly string[]
    /** The application's user on whom a restore is booked whose requester it does not know. */
    readonly auditUser?: string | null
  }
  /** Where `mode: Extract` puts checked backups as files; absent: it is refused. */
  readonly extracts?: { readonly path: string }
  /** What a dry run shows of the rows that a restore would touch; absent: their keys. */
  readonly dryRun?: { readonly samples: 'none' | 'values' }
  /** How many people must approve each restore, whatever the request says; absent: as many as the request asks for. */
  readonly approval?: { readonly required: number }
  /** Each restore waits for the checklist before it (manual 10), whatever the request says; absent: it is offered. */
  readonly checklist?: 'require'
  readonly service: ServiceSpec | null
  readonly healthCheck: {
    readonly url: string
    readonly timeoutMs: number
    readonly insecureSkipVerify: boolean
  } | null
  /** Asked after a restore for its checklist alone; absent: a person logs in. */
  readonly loginProbe?: LoginProbe
  readonly smokeQueries: readonly SmokeQuery[]
  readonly hooks: {
    readonly preRestore: readonly CommandSpec[]
    readonly postRestore: readonly CommandSpec[]
    readonly onFailure: readonly CommandSpec[]
  }
  readonly verification: {
    readonly afterSwap: 'full' | 'identity'
    readonly requireChecksum: boolean
    readonly foreignKeys: 'warn' | 'fail'
    /** Overrides the deadline of a check, which is otherwise scaled to the size; null: scaled. */
    readonly checkTimeoutMs: number | null
    /** Accept a backup whose check cannot be run at all (a missing collation or function). */
    readonly allowUnverifiable: boolean
  }
  readonly rateLimit: { readonly restores: number; readonly windowMs: number }
  readonly rtoMs: number
  /** Webhooks told of each terminal outcome. */
  readonly notifications: readonly {
    readonly url: string
    /** File that holds the HMAC key; null: unsigned. */
    readonly secretFile: string | null
    readonly timeoutMs: number
  }[]
}
