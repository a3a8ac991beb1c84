/** A backup directory on a real file system, removed after the test, with sets laid out as the manual has them (2.3). */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import type { BackupSet, CatalogRowInput } from '../../src/catalog/contract.ts'
import type { CatalogTarget } from '../../src/catalog/members.ts'
import { scanBackups } from '../../src/catalog/scan.ts'

export class BackupFolder {
  readonly path: string

  constructor(stem = 'itsm_nexus') {
    this.path = mkdtempSync(join(tmpdir(), 'modosu-catalog-'))
    this.#stem = stem
    after(() => {
      rmSync(this.path, { recursive: true, force: true })
    })
  }

  readonly #stem: string

  get target(): CatalogTarget {
    return {
      name: 'itsm-nexus',
      backups: { path: this.path, stem: this.#stem, timezone: 'UTC', catalogTable: 'backup_logs', auditTable: null },
    }
  }

  /** Writes a file, its folders too, and returns its absolute path. */
  write(relativePath: string, content: string | Buffer): string {
    const path = join(this.path, relativePath)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** Writes the members of one set, such as `['db', 'db-wal']`, each with content of its own. */
  set(base: string, members: readonly string[]): void {
    for (const member of members) this.write(`${base}.${member}`, `${member} of ${base}`)
  }

  /** Has coreutils write `BASE.sha256` over the members, as the application's backup script does. */
  seal(base: string, members: readonly string[], options: readonly string[] = []): void {
    const path = join(this.path, base)
    const names = members.map((member) => `${base.slice(base.lastIndexOf('/') + 1)}.${member}`)
    const text = execFileSync('sha256sum', [...options, '--', ...names], { cwd: dirname(path), encoding: 'utf8' })
    writeFileSync(`${path}.sha256`, text)
  }

  /** Every file with its size, time and content hash: equal before and after what must not change anything. */
  fingerprint(): string[] {
    return readdirSync(this.path, { recursive: true, encoding: 'utf8' })
      .map((name) => ({ name, stats: statSync(join(this.path, name)) }))
      .map(
        ({ name, stats }) =>
          `${name} ${stats.mtimeMs} ${stats.isFile() ? sha256(readFileSync(join(this.path, name))) : ''}`,
      )
      .sort()
  }
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A row of the application's catalog; what the test does not say is as for a good daily backup. */
export function catalogRow(changes: Partial<CatalogRowInput>): CatalogRowInput {
  return {
    backupId: 'BKP-20260215020015-daily',
    backupType: 'daily',
    filePath: null,
    fileSize: null,
    checksum: null,
    status: 'success',
    createdAt: '2026-02-15T02:00:15.000Z',
    ...changes,
  }
}

/** Scans a directory that is expected to hold one set. */
export async function onlySet(folder: BackupFolder, rows: readonly CatalogRowInput[] = []): Promise<BackupSet> {
  const { sets } = await scanBackups(folder.target, rows)
  assert.equal(sets.length, 1)
  return sets[0]!
}

export function reasons(set: BackupSet): string[] {
  return set.problems.map((problem) => problem.reason)
}
