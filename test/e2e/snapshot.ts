/** State directories that come back from a snapshot, and an application that goes on meanwhile. */

import { cpSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

import type { Installation } from '../support/installation.ts'

/** The files of the state store itself. */
export const STORE = /^modosu\.db(-wal|-shm)?$/

/** The application goes on after the restore. */
export function commit(database: string): void {
  const connection = new Database(database)
  connection.prepare("INSERT INTO incidents (title, body) VALUES ('a day of work', '')").run()
  connection.close()
}

/** Puts back what a snapshot holds: all of it, or only the files of the state store itself. */
export function putBack({ state, folder }: Installation, what: 'whole' | 'store'): void {
  const mine = (name: string): boolean => what === 'whole' || STORE.test(name)
  for (const name of readdirSync(state)) if (mine(name)) rmSync(join(state, name), { recursive: true })
  const snapshot = join(folder, 'snapshot')
  for (const name of readdirSync(snapshot)) {
    if (mine(name) && !name.endsWith('.sock')) cpSync(join(snapshot, name), join(state, name), { recursive: true })
  }
}

export function takeSnapshot({ state, folder }: Installation): void {
  cpSync(state, join(folder, 'snapshot'), { recursive: true, filter: (path) => !path.endsWith('.sock') })
}
