import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { traces } from '../support/beside.ts'
import { makeBackup, sha256 } from '../support/files.ts'
import { Workplace } from './workplace.ts'

const ID = 'BKP-20260215-020015-daily'
const OTHER_USER = 4242

let place: Workplace
let mine: string
beforeEach(() => {
  place = new Workplace()
  mine = join(place.root, 'state', 'mine')
  mkdirSync(mine)
})
afterEach(() => {
  place.close()
})

function rowsOf(path: string): unknown {
  const connection = new Database(path, { readonly: true })
  try {
    return connection.prepare('SELECT count(*) FROM incidents').pluck().get()
  } finally {
    connection.close()
  }
}

describe('extract', () => {
  it('gives the backup byte for byte, for its caller alone, and leaves no trace beside it', async () => {
    const db = place.backup('daily', '20260215_020015', 10)
    place.live()
    const to = join(mine, 'taken.db')
    const before = traces(place.root)
    const { code, stdout, stderr } = await place.run(['extract', ID, '--to', to])
    assert.equal(code, 0, stderr)
    assert.deepEqual(traces(place.root), before)
    assert.equal(stdout, `${sha256(db)}  ${to}\n`)
    assert.equal(sha256(to), sha256(db))
    assert.equal(statSync(to).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(mine), ['taken.db'])
    execFileSync('sha256sum', ['--check', '--quiet'], { input: stdout })
  })

  it('gives all of a set with a -wal in one file', async () => {
    makeBackup(place.backups, 'daily', '20260215_020015', { rows: 10, uncheckpointed: true })
    const to = join(mine, 'taken.db')
    const before = traces(place.root)
    const { code, stderr } = await place.run(['extract', ID, '--to', to])
    assert.equal(code, 0, stderr)
    assert.equal(rowsOf(to), 10)
    assert.deepEqual(traces(place.root), before)
  })

  it('never takes the place of another file unless it is told to, and never of what is no file', async () => {
    const db = place.backup('daily', '20260215_020015', 10)
    const to = join(mine, 'taken.db')
    writeFileSync(to, 'mine')
    const { code, stderr } = await place.run(['extract', ID, '--to', to])
    assert.notEqual(code, 0)
    assert.match(stderr, /exists already/)
    assert.equal(statSync(to).size, 4)
    assert.equal((await place.run(['extract', ID, '--to', to, '--force'])).code, 0)
    assert.equal(sha256(to), sha256(db))
    symlinkSync(to, join(mine, 'link.db'))
    mkdirSync(join(mine, 'folder'))
    for (const name of ['link.db', 'folder']) {
      assert.match((await place.run(['extract', ID, '--to', join(mine, name), '--force'])).stderr, /not a regular file/)
    }
    writeFileSync(join(mine, 'new.db-wal'), 'old frames')
    const beside = await place.run(['extract', ID, '--to', join(mine, 'new.db'), '--force'])
    assert.match(beside.stderr, /new\.db-wal lies there/)
    assert.equal(existsSync(join(mine, 'new.db')), false)
  })

  it('goes neither over a database nor among the backups, nor into no folder', async () => {
    place.backup('daily', '20260215_020015', 10)
    place.live()
    const before = traces(place.root)
    const wrong: readonly (readonly [string, RegExp])[] = [
      [place.database, /is the database of shop/],
      [`${place.database}-wal`, /is the database of shop/],
      [join(place.backups, 'daily', 'new.db'), /lies among the backups of shop/],
      [join(mine, 'none', 'new.db'), /there is no folder/],
    ]
    for (const [to, why] of wrong) {
      const { code, stderr } = await place.run(['extract', ID, '--to', to, '--force'])
      assert.equal(code, 2, to)
      assert.match(stderr, why)
    }
    assert.deepEqual(traces(place.root), before)
  })

  it('leaves nothing where the backup does not pass', async () => {
    const db = place.backup('daily', '20260215_020015', 10)
    writeFileSync(db, 'no database')
    const { code } = await place.run(['extract', ID, '--to', join(mine, 'taken.db')])
    assert.equal(code, 7)
    assert.deepEqual(readdirSync(mine), [])
  })

  it(
    'takes no rights but to read the backup, and no daemon',
    { skip: process.getuid?.() !== 0 && 'a second user takes root' },
    async () => {
      const db = place.backup('daily', '20260215_020015', 10)
      const theirs = join(place.root, 'spool', 'theirs')
      mkdirSync(theirs)
      chmodSync(theirs, 0o777)
      chmodSync(place.stateDir, 0o700)
      const to = join(theirs, 'taken.db')
      const run = (): Promise<{ code: number; stderr: string }> =>
        place.spawn(['extract', ID, '--to', to], { uid: OTHER_USER, variables: { TMPDIR: theirs } }).result
      const { code, stderr } = await run()
      assert.equal(code, 0, stderr)
      assert.deepEqual([statSync(to).uid, statSync(to).mode & 0o777], [OTHER_USER, 0o600])
      assert.deepEqual(readdirSync(theirs), ['taken.db'])
      chmodSync(db, 0o600)
      assert.notEqual((await place.spawn(['extract', ID, '--to', `${to}.2`], { uid: OTHER_USER }).result).code, 0)
      assert.deepEqual(readdirSync(theirs), ['taken.db'])
    },
  )
})
