import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { beside, contentHash } from '../support/beside.ts'
import { countRows, makeBackup, writeChecksums } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const DEADLINE = '5s'

/** A backup that is sound as far as anybody could wait: an index whose expression has its value only after minutes. */
function makeEndless(backups: string, digits: string): void {
  const path = makeBackup(backups, 'daily', digits, { rows: 20_000, wal: false })
  const connection = new Database(path)
  connection.exec('CREATE INDEX slow ON incidents (length(title))')
  connection.unsafeMode(true)
  connection.pragma('writable_schema = ON')
  connection.exec(
    "UPDATE sqlite_schema SET sql = replace(sql, 'length(title)', 'length(title) + 0 * length(hex(zeroblob(9000000 + id)))') WHERE name = 'slow'",
  )
  connection.close()
  writeChecksums(path)
}

/** The process that has a file whose name ends so open. */
function holderOf(end: string): number | null {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      if (files.some((file) => file.endsWith(end))) return Number(pid)
    } catch {
      // It ended meanwhile, or is not ours to look at.
    }
  }
  return null
}

function isDaemon(pid: number | undefined): boolean {
  return readFileSync(`/proc/${pid ?? 0}/cmdline`, 'latin1').includes('daemon')
}

describe('the check of a backup that does not come to an end', { skip: process.platform !== 'linux' }, () => {
  const installation = new Installation({ live: { rows: 30, wal: false } })
  const { database, backups } = installation
  let pid: number | undefined
  let old: string

  before(async () => {
    makeEndless(backups, '20260101_000001')
    makeBackup(backups, 'daily', '20260101_000002', { rows: 10 })
    old = contentHash(database)
    pid = (await installation.start()).pid
  })
  after(() => installation.remove())

  it('fails the request as Unverifiable when its process is killed with SIGKILL', async () => {
    installation.drop('killed', { source: { backupId: 'BKP-20260101-000001-daily' } })
    await installation.when('killed', ({ phase }) => phase === 'VerifyingBackup')
    let holder = holderOf('.modosu-killed.new')
    for (; holder === null; holder = holderOf('.modosu-killed.new')) await delay(20)
    process.kill(holder, 'SIGKILL')
    const { phase, status } = await installation.ended('killed')
    assert.deepEqual([phase, status.reason], ['Failed', 'Unverifiable'], JSON.stringify(status))
    assert.match(status.message ?? '', /killed by SIGKILL/)
    assert.equal(contentHash(database), old)
    assert.deepEqual(beside(database), [])
  })

  it('leaves a daemon that goes on with the next request', async () => {
    installation.drop('next', { source: { backupId: 'BKP-20260101-000002-daily' } })
    const { phase, status } = await installation.ended('next')
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.equal(countRows(database), 10)
    assert.ok(isDaemon(pid))
  })

  it('fails the request as CheckTimedOut at its deadline', async () => {
    await installation.stop()
    installation.configure({ target: { verification: { checkTimeout: DEADLINE } } })
    pid = (await installation.start()).pid
    installation.drop('endless', { source: { backupId: 'BKP-20260101-000001-daily' } })
    const { phase, status } = await installation.ended('endless')
    assert.deepEqual([phase, status.reason], ['Failed', 'CheckTimedOut'], JSON.stringify(status))
    assert.equal(countRows(database), 10)
    assert.deepEqual(beside(database), [])
  })

  it('goes on after that too', async () => {
    installation.drop('unconfirmed', { source: { latest: {} }, confirm: false })
    assert.equal((await installation.ended('unconfirmed')).phase, 'Rejected')
    assert.ok(isDaemon(pid))
  })
})
