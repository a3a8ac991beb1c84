import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { displayWidth } from '../../src/cli/display-width.ts'
import { traces } from '../support/beside.ts'
import { Workplace } from './workplace.ts'

const ID = 'BKP-20260215-020015-daily'

let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

/** A backup of ten incidents, and a database in which two were deleted, one was changed and three are new. */
function changed(): void {
  place.backup('daily', '20260215_020015', 10)
  place.live(13)
  const connection = new Database(place.database)
  connection.exec('DELETE FROM incidents WHERE id IN (1, 2)')
  connection.exec(`UPDATE incidents SET title = 'a' || char(27) || '[31m' || char(0x202e) || 'b' WHERE id = 5`)
  connection.exec('ALTER TABLE users ADD COLUMN last_login TEXT')
  connection.close()
}

describe('compare', () => {
  it('tells what a restore would take away, bring back and change, and changes nothing', async () => {
    changed()
    const before = traces(place.root)
    const { code, stdout, stderr } = await place.run(['compare', ID, '--rows', '2'])
    assert.equal(code, 0, stderr)
    assert.deepEqual(traces(place.root), before)
    const lines = stdout.split('\n')
    assert.match(lines[0]!, /^BKP-20260215-020015-daily \(shop, 2026-02-15T02:00:15\.000Z\)$/)
    assert.match(lines[1]!, /^TABLE +NOW +BACKUP +VANISH +RETURN +CHANGE$/)
    assert.match(lines[2]!, /^incidents +11 +10 +3 +2 +1$/)
    assert.equal(lines[3], '1 other table has the same rows')
    assert.match(stdout, /^ {2}table users: only now: last_login$/m)
    assert.match(stdout, /^incidents: 2 of 3 rows that would vanish\n {2}id=11 {2}title='row 10' /m)
    assert.match(stdout, /^incidents: 2 of 2 rows that would return\n {2}id=1 /m)
    assert.match(stdout, /^ {2}id=5 {2}title: 'a\\u\{1b\}\[31m\\u\{202e\}b' -> 'row 4'$/m)
    for (const line of lines) assert.ok(displayWidth(line) <= 80, line)
  })

  it('speaks Japanese, and gives a script every figure', async () => {
    changed()
    const japanese = await place.run(['compare', ID], { environment: { language: 'ja' } })
    assert.match(japanese.stdout, /^incidents: リストアで消える行（3 行中 3 行）$/m)
    const { stdout } = await place.run(['compare', ID, '-o', 'json', '--table', 'incidents'])
    const { target, backupId, tables } = JSON.parse(stdout) as Record<string, { vanish: number; changing: unknown }[]>
    assert.deepEqual([target, backupId], ['shop', ID])
    assert.deepEqual(
      tables?.map(({ vanish, changing }) => [vanish, changing]),
      [[3, [{ key: { id: 5 }, columns: [{ column: 'title', present: 'a\u001b[31m\u202eb', backup: 'row 4' }] }]]],
    )
  })

  it('refuses a backup that a restore would refuse, and says what to do', async () => {
    changed()
    const [file = ''] = readdirSync(place.backups, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.db'),
    )
    const connection = new Database(`${place.backups}/${file}`)
    connection.exec("INSERT INTO incidents (title) VALUES ('later')")
    connection.close()
    const { code, stderr } = await place.run(['compare', ID])
    assert.equal(code, 7, stderr)
    assert.match(stderr, /checksum mismatch/)
    assert.match(stderr, /choose another backup/)
  })

  it('says so where there is no database, no such table or no such backup', async () => {
    place.backup('daily', '20260215_020015', 10)
    const none = await place.run(['compare', ID])
    assert.notEqual(none.code, 0)
    assert.match(none.stderr, /there is no database at /)
    place.live()
    const table = await place.run(['compare', ID, '--table', 'nonsense'])
    assert.equal(table.code, 2)
    assert.match(table.stderr, /neither the database nor the backup has a table nonsense/)
    assert.equal((await place.run(['compare', 'BKP-20250101-000000-daily'])).code, 5)
    assert.equal((await place.run(['compare', ID, '--rows', 'many'])).code, 2)
  })

  it('leaves no copy behind', async () => {
    changed()
    await place.run(['compare', ID])
    const scratch = `${place.stateDir}/scratch`
    assert.deepEqual(existsSync(scratch) ? readdirSync(scratch) : [], [])
    rmSync(scratch, { recursive: true, force: true })
  })
})
