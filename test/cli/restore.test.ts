import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { countRows } from '../support/files.ts'
import { until } from './until.ts'
import { MAIN, Workplace } from './workplace.ts'

/** One daemon for all: each test leaves the target free for the next. */
let place: Workplace
let daemon: ChildProcess
let log = ''

before(async () => {
  place = new Workplace()
  place.live(7)
  place.backup('daily', '20260215_020015', 30)
  place.backup('daily', '20260214_020014', 20)
  daemon = spawn(process.execPath, [MAIN, 'daemon', '--config', place.config], { stdio: ['ignore', 'pipe', 'inherit'] })
  daemon.stdout?.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  await until(() => log.includes('"ready"'))
})

after(async () => {
  const ended = new Promise((resolve) => daemon.once('exit', resolve))
  daemon.kill('SIGTERM')
  await ended
  place.close()
})

const PROGRESS = [
  'リストア実行中...',
  '  [1/5] 安全バックアップを作成中...     完了',
  '  [2/5] チェックサムを検証中...         完了',
  '  [3/5] 整合性チェックを実行中...       完了',
  '  [4/5] データベースを差し替え中...     完了',
  '  [5/5] 復元後の整合性チェック中...     完了',
  '',
  'リストアが完了しました',
  '',
]

describe('modosu restore beside a running daemon', () => {
  it('restores, shows the five lines and the success box on stdout, and ends with 0', async () => {
    const { code, stdout, stderr } = await place.spawn(['restore', 'BKP-20260215-020015-daily', '--yes']).result
    assert.equal(code, 0, stderr)
    const lines = stdout.split('\n')
    assert.deepEqual(lines.slice(0, PROGRESS.length), PROGRESS)
    assert.equal(lines[9], 'リストア元: BKP-20260215-020015-daily')
    assert.match(lines[10]!, /^安全バックアップ: restore_safety_\d{14}\.db$/)
    assert.equal(lines[11], '整合性チェック: 合格')
    assert.equal(lines[13], 'アプリケーションをリロードしてください。')
    assert.match(stderr, /WARNING: データベースリストア/)
    assert.equal(countRows(place.database), 30)
  })

  it('shows the plan of a dry run and leaves the database alone', async () => {
    const before = readFileSync(place.database)
    const { code, stdout } = await place.spawn(['restore', '--latest', '--dry-run', '--lang', 'en']).result
    assert.equal(code, 0)
    const lines = stdout.split('\n')
    assert.equal(lines[0], 'Dry run completed. The database was not changed.')
    assert.match(lines[1]!, /^ {2}Restored from: BKP-20260215-020015-daily/)
    assert.match(stdout, /^ {2}1\. restore BKP-20260215-020015-daily/m)
    assert.deepEqual(readFileSync(place.database), before)
  })

  it('ends with the code of the failure, and tells on stderr what became of the database', async () => {
    const path = place.backup('weekly', '20260208_030012', 25)
    const bytes = readFileSync(path)
    bytes.fill(0, bytes.length - 512)
    writeFileSync(path, bytes)
    const { code, stdout, stderr } = await place.spawn([
      'restore',
      'BKP-20260208-030012-weekly',
      '--yes',
      '--lang',
      'en',
    ]).result
    assert.equal(code, 10, stderr)
    assert.match(stdout, /^ {2}\[2\/5\] Verifying checksums\.\.\. +failed$/m)
    assert.doesNotMatch(stdout, /completed/)
    assert.match(stderr, /^error: Backup file checksum mismatch\. The file may be corrupted\.$/m)
    assert.match(stderr, /^phase: Failed, reason: ChecksumMismatch$/m)
    assert.match(stderr, /^The database was not changed\.$/m)
    assert.equal(countRows(place.database), 30)
  })

  it('rolls back to the newest safety backup, and prints the object for a script', async () => {
    const { code, stdout } = await place.spawn(['rollback', '--yes', '-o', 'json']).result
    assert.equal(code, 0)
    const { status } = JSON.parse(stdout) as { status: { phase: string; resolvedBackup: { backupId: string } } }
    assert.equal(status.phase, 'Succeeded')
    assert.match(status.resolvedBackup.backupId, /^restore_safety_\d{14}(_\d+)?\.db$/)
  })
})
