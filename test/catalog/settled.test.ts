import assert from 'node:assert/strict'
import { appendFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { BackupSet } from '../../src/catalog/contract.ts'
import { scanBackups } from '../../src/catalog/scan.ts'
import { assertSettled } from '../../src/catalog/settled.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { BackupFolder } from './backup-folder.ts'

const DAILY = 'daily/itsm_nexus_daily_20260215_020015'

async function scanned(members: readonly string[]): Promise<{ folder: BackupFolder; set: BackupSet }> {
  const folder = new BackupFolder()
  folder.set(DAILY, members)
  const [set] = (await scanBackups(folder.target, [])).sets
  return { folder, set: set! }
}

function inProgress(error: unknown): true {
  assert.ok(error instanceof RestoreError)
  assert.equal(error.reason, 'BackupInProgress')
  assert.equal(error.message, 'Backup is not available for restore. Status: in_progress')
  return true
}

describe('a backup that is being written', { timeout: 60_000 }, () => {
  for (const member of ['db', 'db-wal', 'sql.gz']) {
    it(`is told from a finished one while its .${member} grows`, async () => {
      const { folder, set } = await scanned(['db', 'db-wal', 'sql.gz'])
      const writer = setInterval(() => {
        appendFileSync(join(folder.path, `${DAILY}.${member}`), 'more')
      }, 5)
      try {
        await assert.rejects(assertSettled(set, { waitMs: 100 }), inProgress)
      } finally {
        clearInterval(writer)
      }
    })
  }

  it('is told by a -wal that came since the scan', async () => {
    const { folder, set } = await scanned(['db'])
    folder.write(`${DAILY}.db-wal`, 'frames')
    await assert.rejects(assertSettled(set, { waitMs: 1 }), inProgress)
  })

  it('is told by a file that went since the scan', async () => {
    const { folder, set } = await scanned(['db'])
    rmSync(join(folder.path, `${DAILY}.db`))
    await assert.rejects(assertSettled(set, { waitMs: 1 }), inProgress)
  })
})

describe('a finished backup', { timeout: 60_000 }, () => {
  it('passes after two equal looks', async () => {
    const { set } = await scanned(['db', 'db-wal'])
    await assertSettled(set, { waitMs: 20 })
  })

  it('passes at once when it was left alone for long enough', async () => {
    const { set } = await scanned(['db'])
    const nowMs = statSync(set.db!).ctimeMs + 60_000
    // A wait of an hour would outlast the test
    await assertSettled(set, { waitMs: 3_600_000, clock: { nowMs: () => nowMs } })
  })

  it('is waited for when the clock says that it was just written, or lies in the future', async () => {
    const { set } = await scanned(['db'])
    const { ctimeMs } = statSync(set.db!)
    for (const nowMs of [ctimeMs + 1, ctimeMs - 60_000]) {
      await assert.rejects(
        assertSettled(set, { waitMs: 3_600_000, clock: { nowMs: () => nowMs }, signal: AbortSignal.timeout(20) }),
        (error) => {
          assert.ok(error instanceof RestoreError)
          assert.equal(error.reason, 'Interrupted')
          return true
        },
      )
    }
  })
})
