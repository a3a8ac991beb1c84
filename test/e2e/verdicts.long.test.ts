import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { makeBackup, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const NEWEST = 'BKP-20260103-000003-daily'
const SECOND = 'BKP-20260103-000002-daily'
const OLDEST = 'BKP-20260103-000001-daily'

/** The bytes no longer are what the checksum file says. */
function spoil(path: string): void {
  const bytes = readFileSync(path)
  bytes.writeUInt8((bytes[5000] ?? 0) ^ 1, 5000)
  writeFileSync(path, bytes)
}

interface Listed {
  readonly restorable: boolean
  readonly verification: { readonly passed: boolean; readonly foundBy: string; readonly sqliteVersion: string } | null
}

describe('a check that failed', () => {
  let installation: Installation
  const paths: string[] = []
  before(async () => {
    installation = new Installation()
    for (const digits of ['20260103_000001', '20260103_000002', '20260103_000003'])
      paths.push(makeBackup(installation.backups, 'daily', digits, { rows: 20 }))
    await installation.start()
  })
  after(() => installation.remove())

  function listed(id: string): Listed {
    return JSON.parse(installation.cli('get', 'backup', id, '-o', 'json').stdout) as Listed
  }

  it('of modosu verify is remembered by every list, and the newest sound one is another', async () => {
    spoil(paths[2] ?? '')
    assert.equal(installation.cli('verify', NEWEST).status, 7)
    const { restorable, verification } = listed(NEWEST)
    assert.deepEqual([restorable, verification?.passed, verification?.foundBy], [false, false, 'verify'])
    assert.match(verification?.sqliteVersion ?? '', /^3\.\d+/)
    const described = installation.cli('describe', 'backup', NEWEST).stdout
    assert.match(described, /Restorable: +no/)
    assert.doesNotMatch(described, /modosu restore BKP/)

    installation.drop('plan', { mode: 'DryRun', source: { latest: {} } })
    const plan = await installation.ended('plan')
    assert.equal(plan.status.resolvedBackup?.backupId, SECOND)
    assert.deepEqual(
      plan.status.passedOver?.map(({ backupId }) => backupId),
      [NEWEST],
    )
    assert.deepEqual([plan.status.checks[0]?.name, plan.status.checks[0]?.result], ['integrity', 'pass'])
  })

  it('of a restore is remembered, and its result tells what was passed over', () => {
    spoil(paths[1] ?? '')
    const result = installation.cli('restore', '--latest', '--yes', '--name', 'falls-back', '--lang', 'en')
    assert.equal(result.status, 0, result.stderr)
    assert.match(result.stdout, new RegExp(`${OLDEST}\\n +Newer backups that were not used:\\n.*${SECOND}: checksum`))
    assert.match(result.stderr, new RegExp(`${NEWEST} is not used: checksum`))
    assert.match(result.stderr, new RegExp(`${SECOND} is not used: checksum`))
    assert.match(result.stderr, new RegExp(`${OLDEST} is used instead`))
    assert.deepEqual([listed(SECOND).restorable, listed(SECOND).verification?.foundBy], [false, 'restore'])
    assert.deepEqual([listed(OLDEST).restorable, listed(OLDEST).verification?.passed], [true, true])
  })

  it('speaks of the bytes that were checked: where the file is another one, nothing is known', () => {
    writeFileSync(paths[2] ?? '', readFileSync(paths[2] ?? ''))
    assert.deepEqual([listed(NEWEST).restorable, listed(NEWEST).verification], [true, null])
    assert.equal(installation.cli('verify', NEWEST).status, 7)
  })

  it('of every backup is the highest level, of several the second', async () => {
    installation.drop('named', { source: { backupId: SECOND } })
    assert.equal((await installation.ended('named')).status.escalation?.level, 'L2')
    spoil(paths[0] ?? '')
    installation.drop('none-left', { source: { latest: {} } })
    const { status } = await installation.ended('none-left')
    assert.deepEqual([status.reason, status.escalation?.level], ['NoRestorableBackup', 'L3'])
    installation.drop('still-none', { source: { latest: {} } })
    const again = await installation.ended('still-none')
    assert.deepEqual([again.status.reason, again.status.escalation?.level], ['NoRestorableBackup', 'L3'])
  })

  it('of a header is remembered too, and its hint fits a backup', async () => {
    const id = 'BKP-20260103-000004-daily'
    const path = makeBackup(installation.backups, 'daily', '20260103_000004', { rows: 20 })
    const bytes = readFileSync(path)
    bytes.writeUInt8(3, 18)
    writeFileSync(path, bytes)
    writeChecksums(path)
    installation.drop('header', { source: { latest: {} } })
    const { status } = await installation.ended('header')
    assert.equal(status.reason, 'NoRestorableBackup')
    assert.deepEqual([listed(id).restorable, listed(id).verification?.foundBy], [false, 'restore'])
    installation.drop('by-name', { source: { backupId: id } })
    const named = (await installation.ended('by-name')).status
    assert.deepEqual([named.reason, named.escalation?.level], ['DatabaseCorrupt', 'L3'])
    assert.match(named.message ?? '', new RegExp(`^the backup ${id} cannot be restored: .*file format 3/`))
    assert.equal(named.hint, 'take the next older backup: modosu get backups --target app')
  })
})
