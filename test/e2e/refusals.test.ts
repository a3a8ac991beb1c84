import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { beside, contentHash } from '../support/beside.ts'
import { makeBackup, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

interface Refusal {
  readonly name: string
  readonly digits: string
  /** Does the harm to the backup set whose `.db` is given. */
  readonly harm: (path: string) => void
  readonly phase: string
  readonly reason: string
  readonly exit: number
  readonly message: RegExp
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'a flipped byte',
    digits: '20260101_000001',
    harm: (path) => {
      const bytes = readFileSync(path)
      bytes.writeUInt8((bytes[5000] ?? 0) ^ 1, 5000)
      writeFileSync(path, bytes)
    },
    phase: 'Failed',
    reason: 'ChecksumMismatch',
    exit: 10,
    message: /^Backup file checksum mismatch\. The file may be corrupted\.$/,
  },
  {
    name: 'a damaged page whose checksum was written anew',
    digits: '20260101_000002',
    harm: (path) => {
      const bytes = readFileSync(path)
      bytes.fill(0xaa, 8192, 12_288)
      writeFileSync(path, bytes)
      // With its -wal, SQLite would read newer pages from there and rightly find nothing wrong.
      rmSync(`${path}-wal`)
      writeChecksums(path)
    },
    phase: 'Failed',
    reason: 'IntegrityCheckFailed',
    exit: 10,
    message: /^Backup file integrity check failed\. The backup may be corrupted\.$/,
  },
  {
    name: 'a truncated set',
    digits: '20260101_000003',
    harm: (path) => {
      truncateSync(path, 8192)
    },
    phase: 'Failed',
    reason: 'ChecksumMismatch',
    exit: 10,
    message: /checksum mismatch/,
  },
  {
    name: 'a missing -wal',
    digits: '20260101_000004',
    harm: (path) => {
      rmSync(`${path}-wal`)
    },
    phase: 'Failed',
    reason: 'BackupIncomplete',
    exit: 7,
    message: /-wal/,
  },
  {
    name: 'an empty file',
    digits: '20260101_000005',
    harm: (path) => {
      truncateSync(path, 0)
      rmSync(`${path}-wal`, { force: true })
      writeChecksums(path)
    },
    phase: 'Failed',
    reason: 'BackupFileEmpty',
    exit: 7,
    message: /0 bytes|empty/,
  },
  {
    name: 'a file that is not SQLite',
    digits: '20260101_000006',
    harm: (path) => {
      writeFileSync(path, 'this is a text file, whatever its name says\n'.repeat(500))
      rmSync(`${path}-wal`, { force: true })
      writeChecksums(path)
    },
    phase: 'Failed',
    reason: 'NotADatabase',
    exit: 7,
    message: /no SQLite database/,
  },
]

describe('a restore that must not happen', () => {
  const installation = new Installation({ live: { rows: 80, uncheckpointed: true, applicationId: 77 } })
  const { database, backups } = installation
  let untouched = ''

  before(async () => {
    for (const { digits, harm } of REFUSALS) {
      harm(makeBackup(backups, 'daily', digits, { rows: 40, uncheckpointed: true, applicationId: 77 }))
    }
    makeBackup(backups, 'daily', '20260102_000001', { rows: 40, applicationId: 4711 })
    makeBackup(backups, 'daily', '20260102_000002', { rows: 40, applicationId: 77 })
    makeBackup(backups, 'daily', '20260102_000003', { rows: 40, uncheckpointed: true, applicationId: 4711 })
    makeBackup(backups, 'daily', '20260102_000004', { rows: 5, applicationId: 77, tables: ['something', 'else'] })
    untouched = contentHash(database)
    await installation.start()
  })
  after(() => installation.remove())

  function assertUntouched(): void {
    assert.equal(contentHash(database), untouched)
    assert.deepEqual(
      beside(database).filter((name) => name.includes('modosu')),
      [],
    )
  }

  for (const refusal of REFUSALS) {
    it(`is refused for ${refusal.name}`, async () => {
      const name = `refused-${refusal.digits.slice(-1)}`
      const [date, time] = refusal.digits.split('_')
      installation.drop(name, { source: { backupId: `BKP-${date}-${time}-daily` } })
      const { phase, status } = await installation.ended(name)
      assert.deepEqual([phase, status.reason], [refusal.phase, refusal.reason], JSON.stringify(status))
      assert.match(status.message ?? '', refusal.message)
      assert.ok((status.hint ?? '').length > 0, 'a hint says what to do next')
      assert.equal(installation.cli('wait', name, '--timeout', '5s').status, refusal.exit)
      assertUntouched()
    })
  }

  it('is refused for a backup of another application', async () => {
    for (const [name, seconds] of [
      ['other-app', '000001'],
      ['other-app-wal', '000003'],
      ['other-tables', '000004'],
    ] as const) {
      installation.drop(name, { source: { backupId: `BKP-20260102-${seconds}-daily` } })
      const { phase, status } = await installation.ended(name)
      assert.deepEqual([phase, status.reason], ['Failed', 'WrongTarget'], JSON.stringify(status))
      assertUntouched()
    }
  })

  it('is rejected for an unknown backup, an unknown target and a missing confirmation', async () => {
    installation.drop('no-backup', { source: { backupId: 'BKP-20250101-000000-daily' } })
    installation.drop('no-target', { target: 'nowhere', source: { latest: {} } })
    installation.drop('no-confirm', { source: { latest: {} }, confirm: false })
    const backup = await installation.ended('no-backup')
    assert.deepEqual([backup.phase, backup.status.message], ['Rejected', 'Backup not found: BKP-20250101-000000-daily'])
    assert.equal(installation.cli('wait', 'no-backup', '--timeout', '5s').status, 5)
    const target = await installation.ended('no-target')
    assert.deepEqual([target.phase, target.status.reason], ['Rejected', 'UnknownTarget'])
    assert.equal(installation.cli('wait', 'no-target', '--timeout', '5s').status, 7)
    const confirm = await installation.ended('no-confirm')
    assert.deepEqual([confirm.phase, confirm.status.message], ['Rejected', 'Confirmation required'])
    assertUntouched()
  })

  it('is rejected for an unknown key, with place and suggestion, and accepted once it is mended', async () => {
    const text = (key: string) =>
      `apiVersion: modosu.dev/v1\nkind: RestoreRequest\nmetadata: {name: typo}\nspec:\n  target: app\n  source: {backupId: BKP-20260102-000002-daily}\n  confirm: true\n  mode: DryRun\n  ${key}: true\n`
    installation.dropText('typo.yaml', text('backupCurent'))
    const { phase, status } = await installation.ended('typo')
    assert.deepEqual([phase, status.reason], ['Rejected', 'InvalidSpec'])
    assert.match(status.message ?? '', /backupCurrent/)
    await waitForFile(join(installation.state, 'status', '_rejected', 'typo.yaml'))
    const report = readFileSync(join(installation.state, 'status', '_rejected', 'typo.yaml'), 'utf8')
    assert.match(report, /line: 9/)
    installation.dropText('typo.yaml', text('backupCurrent'))
    assert.equal((await installation.when('typo', (request) => request.phase === 'Succeeded')).generation, 2)
  })

  it('does not run a file whose second document is not YAML, and leaves the other files alone', async () => {
    const good = `apiVersion: modosu.dev/v1\nkind: RestoreRequest\nmetadata: {name: half-good}\nspec: {target: app, confirm: true, mode: DryRun, source: {latest: {}}}\n`
    installation.dropText('two.yaml', `${good}---\nkind: [unclosed\n`)
    installation.dropText('one.yaml', good.replace('half-good', 'all-good'))
    assert.equal((await installation.ended('all-good')).phase, 'Succeeded')
    assert.equal(installation.request('half-good'), undefined)
    assert.match(readFileSync(join(installation.state, 'status', '_rejected', 'two.yaml'), 'utf8'), /line/)
  })

  it('keeps the first of two requests with one name', async () => {
    installation.drop('twice', { source: { backupId: 'BKP-20260102-000002-daily' }, mode: 'DryRun' }, 'a.yaml')
    await installation.ended('twice')
    installation.drop('twice', { source: { backupId: 'BKP-20260102-000001-daily' } }, 'b.yaml')
    await waitForEvent(installation, 'twice', 'DuplicateName')
    assert.equal(installation.request('twice')?.generation, 1)
    assertUntouched()
  })

  it('is refused where there is less than twice the space', async (context) => {
    const mount = await smallFileSystem(installation)
    if (mount === null) {
      context.skip('a small file system can be mounted by root only')
      return
    }
    try {
      installation.drop('no-space', { target: 'small', source: { latest: {} } })
      const { phase, status } = await installation.ended('no-space')
      assert.deepEqual([phase, status.reason], ['Failed', 'InsufficientSpace'], JSON.stringify(status))
      assert.equal(installation.cli('wait', 'no-space', '--timeout', '5s').status, 7)
    } finally {
      await installation.stop()
      mount.unmount()
    }
  })
})

async function waitForFile(path: string): Promise<void> {
  const end = Date.now() + 20_000
  while (!existsSync(path)) {
    if (Date.now() > end) throw new Error(`${path} does not come`)
    await delay(50)
  }
}

async function waitForEvent(installation: Installation, name: string, reason: string): Promise<void> {
  const end = Date.now() + 20_000
  while (!installation.cli('events', '--for', name).stdout.includes(reason)) {
    await delay(100)
    if (Date.now() > end) throw new Error(`no event ${reason} for ${name}:\n${installation.cli('events').stdout}`)
  }
}

async function smallFileSystem(installation: Installation) {
  const { mountTmpfs } = await import('../support/mounts.ts')
  const folder = join(installation.folder, 'small')
  const mount = mountTmpfs(folder, 400)
  if (mount === null) return null
  const { makeDatabase } = await import('../support/files.ts')
  const database = join(folder, 'app.db')
  makeDatabase(database, { rows: 600, wal: false })
  const backups = join(folder, 'backups')
  makeBackup(backups, 'daily', '20260102_000001', { rows: 10, wal: false })
  await installation.stop()
  installation.configure({
    targets: [
      {
        name: 'small',
        database,
        backups: { path: backups, stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null },
      },
    ],
  })
  await installation.start()
  return mount
}
