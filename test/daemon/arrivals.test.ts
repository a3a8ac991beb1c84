import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { scanBackups } from '../../src/catalog/scan.ts'
import { Arrivals } from '../../src/daemon/arrivals.ts'
import { makeBackup } from '../support/files.ts'
import { targetOnDisk } from '../telemetry/restores.ts'

const QUIET_MS = 30

function watched() {
  const root = mkdtempSync(join(tmpdir(), 'modosu-arrivals-'))
  const onDisk = targetOnDisk(root, 'first')
  const target = { ...onDisk, backups: { ...onDisk.backups, stem: 'app', catalogTable: null } }
  const told: string[] = []
  // Stands still, so that no busy machine makes a file look left alone.
  let nowMs = Date.now()
  let asked = (): void => undefined
  const arrivals = new Arrivals({
    clock: { nowMs: () => nowMs },
    quietMs: QUIET_MS,
    arrived: (of, { id }) => told.push(`${of.name} ${id}`),
    again: () => {
      asked()
    },
  })
  after(() => {
    arrivals.stop()
    rmSync(root, { recursive: true, force: true })
  })
  return {
    backups: target.backups.path,
    list: async () => arrivals.listed(target, (await scanBackups(target, [])).sets),
    told,
    // The daemon's own timers keep no process alive.
    askedAgain: () =>
      new Promise<void>((resolve) => {
        const alive = setInterval(() => undefined, 1000)
        asked = () => {
          clearInterval(alive)
          resolve()
        }
      }),
    wrote: () => (nowMs = Date.now()),
    later: () => (nowMs = Date.now() + 10 * QUIET_MS),
  }
}

describe('a backup that appears while the daemon runs', () => {
  it('is told of once, and those of the first listing never are', async () => {
    const { backups, list, told, later } = watched()
    makeBackup(backups, 'daily', '20260214_020000', { rows: 1 })
    await list()
    makeBackup(backups, 'daily', '20260215_020000', { rows: 1 })
    later()
    await list()
    await list()
    assert.deepEqual(told, ['first BKP-20260215-020000-daily'])
  })

  it('is told of when nothing has been written to it for a while, and is looked at again until then', async () => {
    const { backups, list, told, later, wrote, askedAgain } = watched()
    await list()
    const path = makeBackup(backups, 'daily', '20260215_020000', { rows: 1 })
    for (let round = 0; round < 2; round++) {
      appendFileSync(path, 'x')
      wrote()
      const again = askedAgain()
      await list()
      assert.deepEqual(told, [])
      await again
    }
    later()
    await list()
    assert.deepEqual(told, ['first BKP-20260215-020000-daily'])
  })

  it('is another one where its id was gone in between', async () => {
    const { backups, list, told, later } = watched()
    const path = makeBackup(backups, 'daily', '20260215_020000', { rows: 1 })
    await list()
    for (const each of [path, path.replace(/db$/, 'sha256')]) rmSync(each)
    await list()
    makeBackup(backups, 'daily', '20260215_020000', { rows: 2 })
    later()
    await list()
    assert.deepEqual(told, ['first BKP-20260215-020000-daily'])
  })
})
