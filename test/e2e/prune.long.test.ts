import assert from 'node:assert/strict'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { verifyChain } from '../../src/store/audit-chain.ts'
import { openStateReader } from '../../src/store/reader.ts'
import { makeDatabase } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

/** The whole list is swept by `npm run test:crash`; a sample of it is part of the tests. */
const FULL = process.env['MODOSU_CRASH_FULL'] === '1'
const SAMPLE = ['Prune.intended', 'Prune.removed.1']
const ALL = ['Prune.planned', ...SAMPLE, 'Prune.removed.2', 'Prune.removed.3', 'Prune.synced', 'Prune.recorded']

const OLD = 'restore_safety_20260101000000.db'
const NEWEST = 'restore_safety_20260102000000.db'
const MEMBERS = [OLD, `${OLD}-shm`, `${OLD}-wal`]

describe('a daemon that is killed while it prunes', () => {
  const installation = new Installation()
  const { backups, state } = installation

  before(() => {
    makeDatabase(join(backups, NEWEST), { rows: 5 })
  })
  after(() => installation.remove())

  function left(): string[] {
    return readdirSync(backups).filter((name) => name.startsWith(OLD))
  }

  function audit() {
    const reader = openStateReader(state)
    try {
      return { records: reader.audit(), deletions: reader.upkeep.deletions() }
    } finally {
      reader.close()
    }
  }

  for (const point of FULL ? ALL : SAMPLE) {
    it(`leaves no half set after SIGKILL at ${point}, and the audit log says what happened`, async () => {
      for (const name of MEMBERS) writeFileSync(join(backups, name), 'x'.repeat(4096))
      process.env['MODOSU_FAILPOINT'] = `${point}=SIGKILL`
      const daemon = await installation.start()
      delete process.env['MODOSU_FAILPOINT']
      const ended = new Promise((resolve) => daemon.once('exit', resolve))
      const earlier = audit().records.length
      const killed = installation.cli('prune', '--yes')
      assert.notEqual(killed.status, 0, killed.stderr)
      await ended
      const remains = left()
      assert.ok(remains.length === MEMBERS.length || !remains.includes(OLD), `half a set: ${remains.join(', ')}`)
      // With the daemon down the plan can still be looked at.
      const plan = installation.cli('prune', '--dry-run')
      assert.equal(plan.status, 0, plan.stderr)
      assert.match(`${plan.stdout}${plan.stderr}`, point === 'Prune.recorded' ? /nothing is to be/ : new RegExp(OLD))

      // Whoever asks for it now is refused, or finds it spared, but never gets half of it.
      const name = `late-${point.toLowerCase().replaceAll('.', '-')}`
      installation.drop(name, { source: { safetyBackup: { name: OLD } }, suspend: point === 'Prune.planned' })
      await installation.start()
      if (point === 'Prune.planned') {
        await installation.when(name, ({ suspended }) => suspended)
        assert.equal(installation.cli('prune', '--yes').status, 0)
        assert.deepEqual(left().sort(), MEMBERS)
        assert.equal(installation.cli('cancel', name).status, 0)
        await installation.ended(name)
        assert.equal(installation.cli('prune', '--yes').status, 0)
      } else {
        const { phase, status } = await installation.ended(name)
        assert.deepEqual([phase, status.reason], ['Rejected', 'BackupNotFound'])
      }
      const end = Date.now() + 30_000
      while (audit().deletions.length > 0 && Date.now() < end) await delay(50)
      await installation.stop()
      assert.deepEqual(left(), [])
      const { records, deletions } = audit()
      assert.deepEqual(deletions, [])
      const told = records.slice(earlier).filter(({ operation }) => operation === 'prune')
      assert.deepEqual(
        told.map(({ status, backupId }) => [status, backupId]),
        [
          ['info', OLD],
          ['success', OLD],
        ],
      )
      assert.equal(verifyChain(records).broken, null)
      const interrupted = point !== 'Prune.planned' && point !== 'Prune.recorded'
      assert.equal(/interrupted, finished later/.test(told[1]?.message ?? ''), interrupted)
    })
  }
})
