/** The schema that the stand-in brings its database to at each boot, whatever backup was put in its place. */

import type Database from 'better-sqlite3'

/** The real application's tables around its backups, and two of its own. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, username VARCHAR(255) NOT NULL UNIQUE,
    role TEXT CHECK (role IN ('admin', 'manager', 'analyst', 'viewer')) NOT NULL);
  CREATE TABLE incidents (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, token TEXT UNIQUE);
  CREATE TABLE backup_logs (id INTEGER PRIMARY KEY AUTOINCREMENT, backup_id VARCHAR(100) NOT NULL,
    backup_type TEXT CHECK (backup_type IN ('daily', 'weekly', 'monthly', 'manual')) NOT NULL,
    file_path VARCHAR(500) NULL, file_size BIGINT NULL, checksum VARCHAR(100) NULL,
    status TEXT CHECK (status IN ('in_progress', 'success', 'failure', 'deleted')) NOT NULL DEFAULT 'in_progress',
    error_message TEXT NULL, created_by INTEGER NULL REFERENCES users (id) ON DELETE SET NULL,
    started_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, completed_at DATETIME NULL,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
  CREATE UNIQUE INDEX backup_logs_backup_id_unique ON backup_logs (backup_id);
  CREATE TABLE backup_audit_logs (id INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT CHECK (operation IN ('create', 'restore', 'delete', 'download', 'list', 'verify')) NOT NULL,
    backup_id VARCHAR(100) NULL, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    username VARCHAR(255) NOT NULL, ip_address VARCHAR(50) NULL, user_agent TEXT NULL,
    status TEXT CHECK (status IN ('success', 'failure')) NOT NULL, error_message TEXT NULL, details TEXT NULL,
    created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);
  INSERT INTO users (username, role) VALUES ('admin', 'admin'), ('backup-operator', 'manager');
  `,
  `ALTER TABLE incidents ADD COLUMN priority INTEGER NOT NULL DEFAULT 3`,
  `CREATE TABLE comments (id INTEGER PRIMARY KEY AUTOINCREMENT, incident INTEGER REFERENCES incidents (id), body TEXT)`,
]

/** @param upTo only so many steps: the schema of an older version of the application. */
export function migrate(database: Database.Database, upTo = MIGRATIONS.length): void {
  const version = database.pragma('user_version', { simple: true }) as number
  MIGRATIONS.slice(version, upTo).forEach((sql, index) => {
    database.transaction(() => {
      database.exec(sql)
      database.pragma(`user_version = ${version + index + 1}`)
    })()
  })
}
