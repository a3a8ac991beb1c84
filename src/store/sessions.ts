/** Logins that last: by the hash of a token that only the client has. */

import type Database from 'better-sqlite3'

export interface SessionRecord {
  /** SHA-256, hex. */
  readonly tokenHash: string
  readonly user: string
  /** Changes with the user's password: a session does not outlive it. */
  readonly credential: string
  /** JSON of who the issuer says it is; null: a user of our own. */
  readonly identity: string | null
  readonly createdMs: number
  readonly usedMs: number
  readonly expiresMs: number
}

/** Of one user; the one that was used longest ago ends. */
const MOST_OF_ONE_USER = 50

export class Sessions {
  readonly #database: Database.Database

  constructor(database: Database.Database) {
    this.#database = database
  }

  /** Stores a new one, and forgets those that have expired. */
  add({ tokenHash, user, credential, identity, createdMs, expiresMs }: Omit<SessionRecord, 'usedMs'>): void {
    this.#database
      .transaction(() => {
        this.#database.prepare('DELETE FROM sessions WHERE expires_ms <= ?').run(createdMs)
        this.#database
          .prepare(
            'INSERT INTO sessions (token_hash, user, credential, identity, created_ms, used_ms, expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(tokenHash, user, credential, identity, createdMs, createdMs, expiresMs)
        this.#database
          .prepare(
            `DELETE FROM sessions WHERE user = ? AND token_hash NOT IN
              (SELECT token_hash FROM sessions WHERE user = ? ORDER BY used_ms DESC, rowid DESC LIMIT ${MOST_OF_ONE_USER})`,
          )
          .run(user, user)
      })
      .immediate()
  }

  find(tokenHash: string): SessionRecord | undefined {
    const sql = `SELECT token_hash AS tokenHash, user, credential, identity, created_ms AS createdMs, used_ms AS usedMs,
      expires_ms AS expiresMs FROM sessions WHERE token_hash = ?`
    return this.#database.prepare<[string], SessionRecord>(sql).get(tokenHash)
  }

  used(tokenHash: string, nowMs: number): void {
    this.#database.prepare('UPDATE sessions SET used_ms = ? WHERE token_hash = ?').run(nowMs, tokenHash)
  }

  remove(tokenHash: string): void {
    this.#database.prepare('DELETE FROM sessions WHERE token_hash = ?').run(tokenHash)
  }
}
