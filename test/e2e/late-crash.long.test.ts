import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { beside, safetyBackups } from '../support/beside.ts'
import { countRows, makeBackup, makeDatabase, sha256 } from '../support/files.ts'
import { Installation } from '../support/installation.ts'

const LIMIT = { restores: 1000, window: '1h' }
/** Something is committed after the safety backup was made: the old database itself has to become it. */
const COMMITS = [
  process.execPath,
  '-e',
  `const db = new (require(process.argv[1]))(process.argv[2]); db.exec("INSERT INTO incidents (title) VALUES ('late')"); db.close()`,
  fileURLToPath(import.meta.resolve('better-sqlite3')),
]
const TOO_FEW = [{ name: 'incidents', sql: 'SELECT COUNT(*) FROM incidents', min: 1000 }]

/**
 * The daemon dies when the restore was as good as done and the old database had been put away; after the next start the
 * application turns out not to work, so that all of it has to be undone.
 */
describe('a rollback that begins after the old database was put away', { timeout: 300_000 }, () => {
  const installation = new Installation({ target: { rateLimit: LIMIT } })
  const { database, backups } = installation
  after(() => installation.remove())

  async function diesAt(point: string, name: string, late: boolean) {
    const hooks = late ? { hooks: { preRestore: [{ command: [...COMMITS, database] }] } } : {}
    installation.configure({ target: { rateLimit: LIMIT, ...hooks } })
    const daemon = await installation.start([], { MODOSU_FAILPOINT: `${point}=SIGKILL` })
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    installation.drop(name, { source: { latest: { types: ['daily'] } } })
    await ended
    installation.configure({ target: { rateLimit: LIMIT, smokeQueries: TOO_FEW } })
    await installation.start()
    const request = await installation.ended(name)
    await installation.stop()
    return request
  }

  for (const point of ['Resuming.exchanged', 'Resuming.settled']) {
    it(`takes the old content from the safety backup, and records it as it is now, after ${point}`, async () => {
      makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
      makeDatabase(database, { rows: 90, uncheckpointed: true })
      const { phase, status } = await diesAt(point, point.toLowerCase().replace('.', '-'), true)
      assert.equal(phase, 'RolledBack', JSON.stringify(status))
      assert.equal(countRows(database), 91)
      assert.deepEqual(beside(database), [])
      const safety = safetyBackups(backups).at(-1) ?? ''
      assert.equal(status.safetyBackup?.sha256, sha256(safety))
      assert.equal(countRows(safety), 91)
    })
  }

  it('gives a damaged database back with all of its files', async () => {
    const wreck = 'not a database '.repeat(400)
    writeFileSync(database, wreck)
    writeFileSync(`${database}-wal`, 'nor is this a wal')
    const { phase, status } = await diesAt('Resuming.settled', 'damaged', false)
    assert.equal(phase, 'RolledBack', JSON.stringify(status))
    assert.equal(
      sha256(database),
      sha256(
        safetyBackups(backups)
          .filter((path) => path.endsWith('.db'))
          .at(-1) ?? '',
      ),
    )
    assert.equal(readFileSync(`${database}-wal`, 'utf8'), 'nor is this a wal')
    // A -shm is an index that SQLite makes for whoever looks.
    assert.deepEqual(
      beside(database).filter((name) => name !== 'app.db-shm'),
      ['app.db-wal'],
    )
  })
})
