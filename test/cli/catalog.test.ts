import assert from 'node:assert/strict'
import { chownSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { setIdentity } from '../../src/catalog/set-identity.ts'
import { Workplace } from './workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

describe('get and describe backups', () => {
  it('lists sets newest first, and says why one cannot be restored', async () => {
    place.backup('daily', '20260214_020014')
    place.backup('daily', '20260215_020015')
    rmSync(place.backup('weekly', '20260209_030012'))
    const { code, stdout, stderr } = await place.run(['get', 'backups'])
    assert.deepEqual([code, stderr], [0, ''])
    const lines = stdout.split('\n')
    assert.match(lines[0]!, /^ID +TYPE +CREATED +SIZE +STATUS +RESTORABLE$/)
    assert.match(lines[1]!, /^BKP-20260215-020015-daily +daily +2026-02-15 02:00:15Z +\d+\.\d KB +success +yes$/)
    assert.match(lines[2]!, /^BKP-20260214-020014-daily /)
    assert.match(
      lines[3]!,
      /^BKP-20260209-030012-weekly .* no: Backup file not found: .*app_weekly_20260209_030012\.db$/,
    )
  })

  it('counts in the sheet of the target what can be restored, as the list and the ledger have it', async () => {
    const digits = ['20260214_020014', '20260215_020015', '20260216_020016']
    const [, bad] = digits.map((each) => place.backup('daily', each))
    const sheet = async (): Promise<string> => (await place.run(['describe', 'target', 'shop'])).stdout
    assert.match(await sheet(), /^ +Backups: +3 of 3\n +Newest: +BKP-20260216-020016-daily /m)
    place.store.upkeep.recordVerification({
      target: 'shop',
      backupId: 'BKP-20260215-020015-daily',
      identity: await setIdentity([bad!, null, bad!.replace(/db$/, 'sha256')]),
      passed: false,
      message: 'checksum: it differs',
      durationMs: 1,
    })
    place.backup('daily', '20990101_000000')
    assert.match(await sheet(), /^ +Backups: +3 of 4\n +Newest: +BKP-20260216-020016-daily /m)
  })

  it('describes one, and knows no other', async () => {
    place.backup('daily', '20260215_020015')
    const { code, stdout } = await place.run(['describe', 'backup', 'BKP-20260215020015-daily'])
    assert.equal(code, 0)
    assert.match(stdout, /^Id: +BKP-20260215-020015-daily$/m)
    assert.match(stdout, /^Restorable: +yes$/m)
    assert.match(stdout, /modosu restore BKP-20260215-020015-daily --target shop$/m)
    const missing = await place.run(['describe', 'backup', 'BKP-20260215-020016-daily'])
    assert.equal(missing.code, 5)
    assert.match(missing.stderr, /^error: Backup not found: BKP-20260215-020016-daily$/m)
  })
})

describe('files that look like backups and are not listed', () => {
  it('are named on stderr, in the sheet of the target and by validate, with what to do', async () => {
    place.backup('daily', '20260215_020015')
    writeFileSync(join(place.backups, 'flat.sqlite3'), 'x')
    const named = /1 file of shop not listed as backups: flat\.sqlite3: .*\n.*daily\/app_daily_YYYYMMDD_HHMMSS\.db/
    const { code, stdout, stderr } = await place.run(['get', 'backups', '-o', 'json'])
    assert.deepEqual([code, (JSON.parse(stdout) as { items: unknown[] }).items.length], [0, 1])
    assert.match(stderr, named)
    assert.match((await place.run(['describe', 'target', 'shop'])).stdout, named)
    const validated = await place.run(['validate'])
    assert.deepEqual([validated.code, named.test(validated.stderr)], [0, true])
    const japanese = await place.run(['get', 'backups'], { environment: { language: 'ja' } })
    assert.match(japanese.stderr, /^警告: .*バックアップとして一覧に表示されません: flat\.sqlite3: バックアップは/)
  })
})

describe('get safety', () => {
  it('lists what lies there, with the request that made it', async () => {
    place.backup('daily', '20260215_020015')
    const path = join(place.backups, 'restore_safety_20260215150530.db')
    writeFileSync(path, 'x'.repeat(2048))
    place.request('inc-1')
    place.walk('inc-1', ['Preflight', 'SafetyBackup'], {
      safetyBackup: { path, name: 'restore_safety_20260215150530.db', sha256: 'ab', raw: false },
    })
    const { stdout } = await place.run(['get', 'safety'])
    assert.match(stdout, /^restore_safety_20260215150530\.db +shop +2026-02-15 15:05:30Z +2\.0 KB +inc-1 /m)
    assert.equal((await place.run(['get', 'safety', 'restore_safety_20260101000000.db'])).code, 5)
  })
})

describe('get targets', () => {
  it('shows the database, what runs on it and how the last restore ended', async () => {
    place.live()
    place.request('inc-1')
    place.walk('inc-1', ['Preflight'])
    const { stdout } = await place.run(['get', 'targets'])
    assert.match(stdout, /^shop +\S+live\/app\.db +\S+ KB +inc-1 \(Preflight\) +<none> +<none>$/m)
    const described = await place.run(['describe', 'target', 'shop'])
    assert.match(described.stdout, /^Rate limit: +0 of 3 used within 60m$/m)
    assert.equal((await place.run(['describe', 'target', 'other'])).code, 5)
  })

  it('works without a state store', async () => {
    const { code, stdout } = await place.run(['get', 'targets', '-o', 'name'])
    assert.deepEqual([code, stdout], [0, 'target/shop\n'])
  })
})

describe('verify', () => {
  const skip = process.geteuid?.() === 0 ? false : 'takes root: nobody else can give a folder away'

  it(
    'leaves the daemon’s user its folder, as every look of root’s does, while the daemon is down',
    { skip },
    async () => {
      place.live()
      place.backup('daily', '20260215_020015')
      const commands = [
        ['verify', 'BKP-20260215-020015-daily'],
        ['compare', 'BKP-20260215-020015-daily'],
        ['query', 'BKP-20260215-020015-daily', 'SELECT 1'],
      ]
      for (const words of commands) {
        rmSync(join(place.stateDir, 'scratch'), { recursive: true, force: true })
        chownSync(place.stateDir, 4242, 4242)
        const { code, stderr } = await place.run(words)
        assert.equal(code, 0, stderr)
        const { uid, gid, mode } = statSync(join(place.stateDir, 'scratch'))
        assert.deepEqual([uid, gid, mode & 0o7777], [4242, 4242, 0o700], words[0])
        assert.deepEqual(readdirSync(join(place.stateDir, 'scratch')), [])
      }
    },
  )

  it('prints the five checks, and ends with 7 when one fails (R87)', async () => {
    const path = place.backup('daily', '20260215_020015')
    const good = await place.run(['verify', 'BKP-20260215-020015-daily'])
    assert.equal(good.code, 0)
    assert.deepEqual(
      good.stdout.split('\n').map((line) => line.split(/ {3,}/).slice(0, 2).join(': ')),
      [
        'BKP-20260215-020015-daily (shop)',
        'CHECK: RESULT',
        'file exists: pass',
        'size is not 0: pass',
        'checksum: pass',
        'integrity: pass',
        'tables: pass',
        '',
      ],
    )
    writeFileSync(path, '')
    const bad = await place.run(['verify', 'BKP-20260215-020015-daily', '-o', 'json'])
    assert.equal(bad.code, 7)
    assert.equal((JSON.parse(bad.stdout) as { passed: boolean }).passed, false)
    assert.equal((await place.run(['verify', 'BKP-20990101-000000-daily'])).code, 5)
  })
})
