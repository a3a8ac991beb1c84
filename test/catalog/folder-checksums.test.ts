import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { BackupFolder, onlySet, reasons, sha256 } from './backup-folder.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { resolveFile } from '../../src/catalog/resolve.ts'

const NAME = 'itsm_nexus_daily_20260215_020015'
const OTHER = 'itsm_nexus_daily_20260214_020014'

function sum(name: string): string {
  return `${sha256(`${name.slice(name.indexOf('.') + 1)} of daily/${name.slice(0, name.indexOf('.'))}`)}  ${name}\n`
}

async function checked(folder: BackupFolder) {
  const set = await onlySet(folder)
  const checksums = set.checksums.map(({ file, recordedIn }) => [file, recordedIn].map((path) => path.slice(-12)))
  return { reasons: reasons(set), message: set.problems[0]?.message ?? '', checksums, remarks: set.remarks ?? [] }
}

describe('checksums of one file each', () => {
  it('attest the file whose name theirs begins with, with and without a name in them', async () => {
    for (const bare of [false, true]) {
      const folder = new BackupFolder()
      folder.set(`daily/${NAME}`, ['db', 'db-wal', 'sql.gz'])
      for (const member of ['db', 'db-wal', 'sql.gz']) {
        const line = sum(`${NAME}.${member}`)
        folder.write(`daily/${NAME}.${member}.sha256`, bare ? line.slice(0, 64) : line)
      }
      const set = await onlySet(folder)
      assert.deepEqual(reasons(set), [])
      assert.deepEqual(
        set.checksums.map(({ file, sha256: value, recordedIn }) => [recordedIn, value, file]),
        ['db', 'db-wal', 'sql.gz'].map((member) => {
          const path = join(folder.path, `daily/${NAME}.${member}`)
          return [`${path}.sha256`, sha256(`${member} of daily/${NAME}`), path]
        }),
      )
    }
  })

  it('refuse a set whose -wal has one and is gone', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db'])
    folder.write(`daily/${NAME}.db-wal.sha256`, sum(`${NAME}.db-wal`))
    assert.deepEqual((await checked(folder)).reasons, ['BackupIncomplete'])
  })

  it('refuse a set whose -wal has none, where its database has', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db', 'db-wal'])
    folder.write(`daily/${NAME}.db.sha256`, sum(`${NAME}.db`))
    assert.deepEqual((await checked(folder)).reasons, ['BackupUnlisted'])
  })
})

describe('a list of checksums of a whole folder', () => {
  for (const list of ['SHA256SUMS', 'sha256sums.txt', 'SHA256SUM']) {
    it(`attests each set that ${list} lists, and says nothing of the others`, async () => {
      const folder = new BackupFolder()
      for (const base of [NAME, OTHER]) folder.set(`daily/${base}`, ['db'])
      folder.write(`daily/${list}`, `sha256sum: x: No such file\nHASH ${'e'.repeat(32)} of?\n${sum(`${NAME}.db`)}`)
      const { sets } = await scanBackups(folder.target, [])
      assert.deepEqual(
        sets.map((set) => [set.id, set.checksums.length, set.problems, set.remarks]),
        [
          ['BKP-20260215-020015-daily', 1, [], []],
          ['BKP-20260214-020014-daily', 0, [], []],
        ],
      )
      const byPath = await resolveFile(folder.target, `daily/${NAME}.db`)
      assert.equal(byPath.checksums[0]?.recordedIn, join(folder.path, 'daily', list))
    })
  }

  it('is what coreutils writes, over every file at once', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db', 'db-wal', 'sql.gz'])
    execFileSync('sh', ['-c', 'sha256sum -b -- * > SHA256SUMS'], { cwd: join(folder.path, 'daily') })
    const found = await checked(folder)
    assert.deepEqual([found.reasons, found.checksums.length, found.remarks], [[], 3, []])
  })

  it('refuses a set whose own file says otherwise', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db'])
    folder.seal(`daily/${NAME}`, ['db'])
    folder.write('daily/SHA256SUMS', `${'a'.repeat(64)}  ${NAME}.db\n`)
    assert.deepEqual((await checked(folder)).reasons, ['ChecksumMismatch'])
  })

  it('refuses a set whose line cannot be understood, naming the line', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db'])
    folder.write('daily/SHA256SUMS', `${sum(`${OTHER}.db`)}SHA256 of the file ${NAME}.db: ${'a'.repeat(64)}\n`)
    const found = await checked(folder)
    assert.deepEqual(found.reasons, ['ChecksumFileUnreadable'])
    assert.match(found.message, /SHA256SUMS: line 2 .* cannot be understood; expected is HEX, two spaces, NAME/)
  })

  it('refuses the sets of its folder where it cannot be read: it may say anything', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db'])
    folder.write('elsewhere', sum(`${NAME}.db`))
    symlinkSync(join(folder.path, 'elsewhere'), join(folder.path, 'daily/SHA256SUMS'))
    assert.deepEqual((await checked(folder)).reasons, ['ChecksumFileUnreadable'])
  })

  it('refuses a set of which it lists a -wal that is gone', async () => {
    const folder = new BackupFolder()
    folder.set(`daily/${NAME}`, ['db'])
    folder.write('daily/SHA256SUMS', sum(`${NAME}.db`) + sum(`${NAME}.db-wal`))
    assert.deepEqual((await checked(folder)).reasons, ['BackupIncomplete'])
  })
})
