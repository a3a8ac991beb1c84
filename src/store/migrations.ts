/** The state store's schema, as numbered steps. A step that has shipped is never edited; add the next one. */

import type Database from 'better-sqlite3'

import { ACTIVE_PHASES, occupiesTarget } from '../domain/phases.ts'
import { RestoreError } from '../domain/errors.ts'

const OCCUPYING = ACTIVE_PHASES.filter(occupiesTarget)
  .map((phase) => `'${phase}'`)
  .join(', ')

/** A table whose rows are evidence: SQLite itself refuses to change or remove them. */
function appendOnly(table: string): string {
  return `
    CREATE TRIGGER IF NOT EXISTS ${table}_no_update BEFORE UPDATE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
    CREATE TRIGGER IF NOT EXISTS ${table}_no_delete BEFORE DELETE ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
  `
}

const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    uid TEXT NOT NULL UNIQUE,
    target TEXT NOT NULL,
    phase TEXT NOT NULL,
    generation INTEGER NOT NULL,
    origin TEXT NOT NULL,
    labels TEXT NOT NULL,
    annotations TEXT NOT NULL,
    spec TEXT NOT NULL,
    spec_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    work TEXT NOT NULL,
    held INTEGER NOT NULL,
    suspended INTEGER NOT NULL,
    cancel_requested TEXT,
    approvals TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    terminal_at TEXT
  ) STRICT;
  CREATE INDEX requests_by_phase ON requests (phase);
  -- The database itself refuses a second restore on a target, whatever the code believes.
  CREATE UNIQUE INDEX one_restore_per_target ON requests (target) WHERE phase IN (${OCCUPYING});

  CREATE TABLE transitions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL,
    uid TEXT NOT NULL,
    from_phase TEXT,
    to_phase TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transitions_by_uid ON transitions (uid);
  ${appendOnly('transitions')}

  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL,
    target TEXT NOT NULL,
    type TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_by_request ON events (request);

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    operation TEXT NOT NULL,
    actor TEXT NOT NULL,
    target TEXT NOT NULL,
    request TEXT NOT NULL,
    backup_id TEXT,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    details TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  ${appendOnly('audit')}

  CREATE TABLE outcomes (
    uid TEXT NOT NULL,
    generation INTEGER NOT NULL,
    request TEXT NOT NULL,
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    mode TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT NOT NULL,
    duration_ms INTEGER,
    downtime_ms INTEGER,
    at TEXT NOT NULL,
    PRIMARY KEY (uid, generation)
  ) STRICT;
  ${appendOnly('outcomes')}

  CREATE TABLE interruptions (
    uid TEXT PRIMARY KEY,
    target TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX interruptions_by_target ON interruptions (target, at_ms);

  CREATE TABLE safety_backups (
    path TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    request TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    raw INTEGER NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- A row stands from before the first file of a set is deleted until the last one is gone.
  CREATE TABLE deletions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    folder TEXT NOT NULL,
    files TEXT NOT NULL,
    why TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL
  ) STRICT;

  -- What the last scheduled verification said of a backup set; identity tells which bytes it spoke of.
  CREATE TABLE verifications (
    target TEXT NOT NULL,
    backup_id TEXT NOT NULL,
    identity TEXT NOT NULL,
    passed INTEGER NOT NULL,
    message TEXT NOT NULL,
    at TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    PRIMARY KEY (target, backup_id)
  ) STRICT;

  CREATE TABLE jobs (
    job TEXT PRIMARY KEY,
    schedule TEXT NOT NULL,
    next_run_ms INTEGER,
    last_run_ms INTEGER,
    last_success_ms INTEGER
  ) STRICT;
  `,
  `
  -- Every verdict on a backup is in this table, whoever found it: the schedule, modosu verify, or a restore.
  ALTER TABLE verifications ADD COLUMN check_name TEXT NOT NULL DEFAULT '';
  ALTER TABLE verifications ADD COLUMN sqlite_version TEXT NOT NULL DEFAULT '';
  ALTER TABLE verifications ADD COLUMN found_by TEXT NOT NULL DEFAULT 'schedule';
  `,
  `
  -- What is known of the application at the end; null: nothing was asked, or a program before this column wrote the row.
  ALTER TABLE outcomes ADD COLUMN application TEXT;
  ALTER TABLE outcomes ADD COLUMN application_downtime_ms INTEGER;
  `,
  `
  -- Each change of a request with the request as it was then; the request '' marks a start of the daemon.
  CREATE TABLE changes (
    version INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    request TEXT NOT NULL,
    target TEXT NOT NULL,
    object TEXT NOT NULL
  ) STRICT;
  CREATE INDEX changes_by_request ON changes (request, version);
  -- Of the last change; 0: none since there are changes.
  ALTER TABLE requests ADD COLUMN resource_version INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- When somebody had an ended request leave the lists; null: it is listed. The row itself stays, for its name must stay taken.
  ALTER TABLE requests ADD COLUMN forgotten_at TEXT;
  `,
  `
  -- Who logged in over TCP, by the hash of a token that only the client has.
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    credential TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
  ) STRICT;
  -- Who submitted and who approved, as proven; null: nobody proved it, or a program before this column wrote the row.
  ALTER TABLE requests ADD COLUMN submitter TEXT;
  ALTER TABLE requests ADD COLUMN approvers TEXT;
  `,
  `
  -- Of somebody who logged in at an OpenID Connect issuer; null: a user of our own.
  ALTER TABLE sessions ADD COLUMN identity TEXT;
  `,
  `
  -- Who ticked which point of a checklist; the last row of a point counts.
  CREATE TABLE checklist_ticks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request TEXT NOT NULL,
    uid TEXT NOT NULL,
    generation INTEGER NOT NULL,
    list TEXT NOT NULL,
    point INTEGER NOT NULL,
    ticked INTEGER NOT NULL,
    actor TEXT NOT NULL,
    note TEXT,
    at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX checklist_ticks_by_uid ON checklist_ticks (uid);
  ${appendOnly('checklist_ticks')}
  `,
]

/** The schema that this version of the program writes. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * Brings the schema up to date, each step in a transaction of its own.
 *
 * @throws RestoreError `StateStoreTooNew` where a newer version of the program has written it.
 */
export function migrate(database: Database.Database): void {
  const version = database.pragma('user_version', { simple: true }) as number
  if (version > MIGRATIONS.length) {
    throw new RestoreError(
      `the state store has schema version ${version}, this program knows up to ${MIGRATIONS.length}`,
      { reason: 'StateStoreTooNew', hint: 'install the version that wrote it, or a newer one' },
    )
  }
  MIGRATIONS.slice(version).forEach((sql, index) => {
    database.transaction(() => {
      database.exec(sql)
      database.pragma(`user_version = ${version + index + 1}`)
    })()
  })
}

/** Whoever drops the triggers to edit the evidence finds them back at the next start; the chain tells what they did. */
export function guardEvidence(database: Database.Database): void {
  for (const table of ['transitions', 'audit', 'outcomes', 'checklist_ticks']) database.exec(appendOnly(table))
}
