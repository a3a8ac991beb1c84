/** What runs here: the program's own version, Node's, and the SQLite that judges the databases. */

import Database from 'better-sqlite3'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { VersionInfo } from '../api/protocol.ts'

/** Read at run time, so that a packaged program says what the package says. */
export function versionInfo(): VersionInfo {
  return { modosu: packageVersion(), node: process.versions.node, sqlite: sqliteVersion() }
}

/** Upwards from this file: the compiled one lies at a depth that depends on the build. */
function packageVersion(): string {
  for (const up of ['../../', '../../../']) {
    const path = fileURLToPath(new URL(`${up}package.json`, import.meta.url))
    if (!existsSync(path)) continue
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
    return version
  }
  return 'unknown'
}

function sqliteVersion(): string {
  const database = new Database(':memory:')
  try {
    return (database.prepare('SELECT sqlite_version() AS version').get() as { version: string }).version
  } finally {
    database.close()
  }
}
