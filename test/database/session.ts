/**
 * Another process with a database open. Argument: JSON of `Session`. Runs the statements, prints `ready`, and then ends
 * as told: by SIGKILL, as a crash does, or not until it is killed.
 */

import Database from 'better-sqlite3'

export interface Session {
  readonly path: string
  readonly statements: readonly string[]
  /** `commit` ends the transaction that the statements began after `waitMs`, then holds. */
  readonly then: 'crash' | 'hold' | 'commit' | 'write'
  readonly waitMs?: number
}

const { path, statements, then, waitMs = 0 } = JSON.parse(process.argv[2] ?? '') as Session
const connection = new Database(path)
for (const statement of statements) connection.exec(statement)
process.stdout.write('ready\n', () => {
  if (then === 'crash') process.kill(process.pid, 'SIGKILL')
  if (then === 'commit') {
    setTimeout(() => {
      connection.exec('COMMIT')
    }, waitMs)
  }
  if (then === 'write') {
    const insert = connection.prepare('INSERT INTO written (note) VALUES (hex(randomblob(200)))')
    setInterval(() => insert.run(), 1)
  }
  setInterval(() => connection.open, 1000)
})
