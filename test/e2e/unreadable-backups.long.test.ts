import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { LACKING, lacking, sound, UNREADABLE } from '../database/strange-files.ts'
import { beside } from '../support/beside.ts'
import { countRows, makeDatabase, sha256, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const ANY_NUMBER = { rateLimit: { restores: 1000, window: '1h' } }

function backupPath(backups: string, day: number): string {
  return join(backups, 'daily', `app_daily_202602${String(day).padStart(2, '0')}_020015.db`)
}

function idOf(day: number): string {
  return `BKP-202602${String(day).padStart(2, '0')}-020015-daily`
}

function reasonOf(request: Awaited<ReturnType<Installation['ended']>>): string | undefined {
  return request.status.conditions.find(({ type }) => type === 'Succeeded')?.reason
}

describe('a backup that cannot be read or checked', { timeout: 300_000 }, () => {
  const installation = new Installation({ live: { rows: 3, wal: false }, target: ANY_NUMBER })
  const { backups, database } = installation
  const bad = [
    ...UNREADABLE,
    ...[...LACKING.slice(0, 8), ...LACKING.slice(13)].map((each) => ({ ...each, reason: 'Unverifiable' })),
  ]

  before(async () => {
    sound(backupPath(backups, 1))
    bad.forEach((each, index) => {
      const path = backupPath(backups, index + 2)
      if ('write' in each) each.write(path)
      else lacking(path, each)
      writeChecksums(path)
    })
    await installation.start()
  })
  after(() => installation.remove())

  bad.forEach(({ what, reason }, index) => {
    it(`is refused for what it is, not for what the machine is: ${what}`, async () => {
      const name = `bad-${index}`
      installation.drop(name, { source: { backupId: idOf(index + 2) } })
      const request = await installation.ended(name)
      assert.deepEqual([request.phase, reasonOf(request)], ['Failed', reason], request.status.message)
      assert.equal(countRows(database), 3)
    })
  })

  it('makes way for the next older one, every time, until one is sound', async () => {
    installation.drop('latest', { source: { latest: {} } })
    const request = await installation.ended('latest')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(request.status.resolvedBackup?.backupId, idOf(1))
    assert.equal(countRows(database), 20)
    const events = installation.cli('events', '--for', 'latest', '-o', 'json').stdout
    // What an earlier restore has found out is not tried again.
    const known = request.status.passedOver?.map(({ backupId }) => backupId) ?? []
    for (const [index, { what }] of bad.entries()) {
      const id = idOf(index + 2)
      assert.ok(known.includes(id) || events.includes(`${id} failed a check, the next newest is tried`), what)
    }
  })
})

describe('a present database that cannot be checked', { timeout: 300_000 }, () => {
  const installation = new Installation({
    live: null,
    target: { ...ANY_NUMBER, verification: { allowUnverifiable: true } },
  })
  const { backups, database } = installation

  before(async () => {
    const [tokenizer] = LACKING
    assert.ok(tokenizer !== undefined)
    lacking(backupPath(backups, 1), tokenizer)
    sound(backupPath(backups, 2))
    for (const day of [1, 2]) writeChecksums(backupPath(backups, day))
    await installation.start()
  })
  after(() => installation.remove())

  for (const each of [LACKING[0], LACKING[1], LACKING[6], LACKING[13], LACKING[14]]) {
    it(`is restored over, and by a backup of its kind where the target allows it: ${each?.what ?? ''}`, async () => {
      assert.ok(each !== undefined)
      for (const day of [1, 2]) {
        rmSync(database, { force: true })
        lacking(database, each)
        const name = `${each.what.replace(' ', '-')}-${day}`
        installation.drop(name, { source: { backupId: idOf(day) } })
        const request = await installation.ended(name)
        assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
      }
    })
  }

  it('is never taken for wreckage where it looks encrypted, unless the request says so', async () => {
    for (const name of beside(database)) rmSync(join(database, '..', name))
    writeFileSync(database, randomBytes(24_576))
    const before = sha256(database)
    for (const mode of ['DryRun', 'Drill', 'Restore']) {
      installation.drop(`unasked-${mode.toLowerCase()}`, { mode, source: { backupId: idOf(2) } })
      const refused = await installation.ended(`unasked-${mode.toLowerCase()}`)
      assert.deepEqual([refused.phase, reasonOf(refused)], ['Failed', 'DatabaseEncrypted'], mode)
    }
    assert.equal(sha256(database), before)
    const annotations = { 'modosu.dev/replace-unreadable': 'true' }
    installation.drop('asked', { source: { backupId: idOf(2) } }, 'asked.yaml', annotations)
    const request = await installation.ended('asked')
    assert.equal(request.phase, 'Succeeded', JSON.stringify(request.status))
    assert.equal(countRows(database), 20)
    const kept = beside(database).map((name) => sha256(join(database, '..', name)))
    assert.ok(kept.includes(before))
  })

  it('is replaced without more where it is wreckage to the eye', async () => {
    makeDatabase(database, { rows: 3, wal: false })
    writeFileSync(database, Buffer.alloc(20_480, 7))
    installation.drop('wreck', { source: { backupId: idOf(2) } })
    assert.equal((await installation.ended('wreck')).phase, 'Succeeded')
  })
})
