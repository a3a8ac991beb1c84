/** What lies beside a database: after a restore there must be nothing of ours. */

import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { sha256 } from './files.ts'

/** Names in the database's folder that begin with its name, itself left out, sorted. */
export function beside(database: string): string[] {
  return readdirSync(dirname(database))
    .filter((name) => name.startsWith(basename(database)) && name !== basename(database))
    .sort()
}

export function safetyBackups(backups: string): string[] {
  return readdirSync(backups)
    .filter((name) => name.startsWith('restore_safety_'))
    .sort()
    .map((name) => join(backups, name))
}

/** Main file and `-wal`: together they are the content. The `-shm` is an index that SQLite makes anew. */
export function contentHash(database: string): string {
  return ['', '-wal']
    .map((suffix) => `${database}${suffix}`)
    .map((file) => (statSync(file, { throwIfNoEntry: false }) === undefined ? 'none' : sha256(file)))
    .join('/')
}

/** Every file below a folder with all that the kernel keeps of it; of folders the time of their last change. State and configuration aside. */
export function traces(folder: string, except: RegExp = /^(?:state(?:\/|$)|modosu.yaml$)/): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !except.test(name))
    .sort()
    .map((name) => {
      const stat = statSync(join(folder, name), { bigint: true })
      const { ino, size, mtimeNs, ctimeNs, atimeNs, mode } = stat
      return [name, ino, mode, size, mtimeNs, ctimeNs, stat.isDirectory() ? '' : atimeNs].join(' ')
    })
}
