import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { compactTimestamp } from '../../src/domain/clock.ts'
import { safetyBackups } from '../support/beside.ts'
import { makeBackup, makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]
const library = FAKETIME.find((path) => existsSync(path))
const skip = library === undefined ? 'no libfaketime (apt-get install faketime)' : false
const DAY_MS = 86_400_000
const TEN_YEARS = '+3652d'

describe('a daemon whose clock is set ten years ahead', { skip }, () => {
  const installation = new Installation()
  const offset = join(installation.folder, 'offset')
  const stepped = {
    LD_PRELOAD: library ?? '',
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  }
  const { backups } = installation
  const kept: string[] = []

  before(async () => {
    writeFileSync(offset, '+0d')
    const down = join(installation.folder, 'down')
    const shell = (script: string): string[] => ['/bin/sh', '-c', script]
    installation.configure({
      target: {
        // the clock is set in the middle of the downtime
        service: {
          command: {
            stop: shell(`cp ${offset}.next ${offset}; touch ${down}`),
            start: shell(`rm -f ${down}`),
            status: shell(`test ! -e ${down} || exit 3`),
          },
        },
        rateLimit: { restores: 2, window: '1h' },
      },
    })
    for (const days of [1, 2, 3, 4, 5]) {
      const name = `restore_safety_${compactTimestamp(Date.now() - days * DAY_MS)}.db`
      makeDatabase(join(backups, name), { rows: days })
      kept.push(name)
    }
    makeBackup(backups, 'daily', '20260215_020015', { rows: 15 })
    await installation.start([], stepped)
  })
  after(() => installation.remove())

  it('measures a restore by the time that has passed, and stamps it so', async () => {
    writeFileSync(`${offset}.next`, TEN_YEARS)
    installation.drop('ahead', { source: { backupId: 'BKP-20260215-020015-daily' } })
    const { phase, status } = await installation.ended('ahead')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(readFileSync(offset, 'utf8'), TEN_YEARS)
    assert.ok((status.downtimeMs ?? -1) >= 0 && (status.downtimeMs ?? Infinity) < 300_000, String(status.downtimeMs))
    assert.ok((status.durationSeconds ?? Infinity) < 600, String(status.durationSeconds))
    assert.ok(Date.parse(status.completionTime ?? '') < Date.now() + DAY_MS, status.completionTime)
    assert.ok(Date.parse(status.dataLoss?.to ?? '') < Date.now() + DAY_MS, status.dataLoss?.to)
  })

  it('forgets no restore of before the jump for its rate limit, and waits an hour at most after the jump back', async () => {
    writeFileSync(`${offset}.next`, '-3652d')
    installation.drop('back', { source: { backupId: 'BKP-20260215-020015-daily' } })
    assert.equal((await installation.ended('back')).phase, 'Succeeded')
    installation.drop('third', { source: { backupId: 'BKP-20260215-020015-daily' } })
    const { status } = await installation.when('third', (request) => request.status.nextAttemptTime !== undefined)
    const waitMs = Date.parse(status.nextAttemptTime ?? '') - Date.now()
    assert.ok(waitMs > 0 && waitMs <= 3_600_000, status.nextAttemptTime)
    assert.equal(installation.cli('cancel', 'third').status, 0)
  })

  it('prunes nothing, says why, and has the command line say it', async () => {
    writeFileSync(offset, TEN_YEARS)
    const before = safetyBackups(backups).length
    const pruned = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../../src/main.js'), 'prune', '--yes', '--config', installation.configFile],
      { encoding: 'utf8', env: { ...process.env, ...stepped } },
    )
    assert.equal(pruned.status, 7, pruned.stderr)
    assert.match(pruned.stderr, /clock is not believed: .*3652 days ahead/)
    assert.equal(safetyBackups(backups).length, before)
    await installation.stop()
    await installation.start([], stepped)
    assert.match(installation.log(), /"reason":"ClockImplausible"/)
    assert.equal(installation.cli('prune', '--yes', '--kind', 'safety').status, 0)
    for (const name of kept) assert.ok(readdirSync(backups).includes(name), name)
  })
})
