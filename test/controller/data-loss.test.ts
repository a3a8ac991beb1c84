import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { lossLines } from '../../src/cli/progress/loss-view.ts'
import { makeBackup, makeDatabase } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'
import { mountTmpfs } from '../support/mounts.ts'

const HOSTILE = `\u001b[2J\u202e'; DROP TABLE incidents\n--`
const DRY = { mode: 'DryRun', source: { backupId: 'BKP-20260215-020015-daily' } } as const

describe('what is lost', () => {
  let world: InProcess

  beforeEach(() => {
    world = new InProcess({ rows: 10, wal: false })
    makeBackup(world.backups, 'daily', '20260215_020015', { rows: 10, wal: false })
  })
  afterEach(() => world.remove())

  function change(sql: string, ...values: unknown[]): void {
    const connection = new Database(world.database)
    connection.prepare(sql).run(...values)
    connection.close()
  }

  function later(): void {
    change('INSERT INTO incidents (id, title) VALUES (90, ?)', HOSTILE)
    change("UPDATE incidents SET title = 'secret' WHERE id = 3")
    change('DELETE FROM incidents WHERE id IN (5, 6, 7, 8)')
  }

  /** Overwrites the second half of the file: the header and the schema stay. */
  function spoil(path: string): void {
    const file = openSync(path, 'r+')
    const { size } = fstatSync(file)
    const half = Math.floor(size / 8192) * 4096
    writeSync(file, Buffer.alloc(size - half, 0xff), 0, size - half, half)
    closeSync(file)
  }

  it('is shown by a dry run with the keys of three rows of each kind, and no value', async () => {
    later()
    const { phase, status } = await world.run('dry', DRY)
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    const { tables = [], remark } = status.dataLoss ?? {}
    assert.equal(remark, undefined)
    assert.deepEqual(tables, [
      {
        ...{ table: 'incidents', current: 7, restored: 10, changed: 1, vanishing: 1, returning: 4 },
        samples: { vanishing: ['id=90'], returning: ['id=5', 'id=6', 'id=7'], changing: ['id=3: title'] },
      },
    ])
    const told = lossLines(status, 'en')
    assert.deepEqual(
      told.slice(-7),
      [
        '    incidents, would vanish:',
        '      id=90',
        '    incidents, would return:',
        ...['id=5', 'id=6', 'id=7'].map((row) => `      ${row}`),
        ...['    incidents, would change:', '      id=3: title'],
      ].slice(-7),
    )
  })

  it('is shown with values where the configuration says so, and nothing in them drives a terminal', async () => {
    later()
    Object.assign(world.target, { dryRun: { samples: 'values' } })
    const { status } = await world.run('dry', DRY)
    const [loss] = status.dataLoss?.tables ?? []
    assert.deepEqual(loss?.samples?.vanishing, [
      "id=90, title='\\u001b[2J\\u202e''; DROP TABLE incidents\\n--', body=NULL",
    ])
    assert.deepEqual(loss.samples.changing, ["id=3: title: 'secret' -> 'row 2'"])
    assert.doesNotMatch(lossLines(status, 'ja').join(''), /\p{Cc}|\u202e/u)
    Object.assign(world.target, { dryRun: { samples: 'none' } })
    const [bare] = (await world.run('bare', DRY)).status.dataLoss?.tables ?? []
    assert.deepEqual([bare?.vanishing, bare?.samples], [1, undefined])
  })

  it('is not known of a database of which a part is damaged, which says nothing against the backup', async () => {
    for (let id = 100; id < 400; id += 1) change('INSERT INTO incidents (id, title) VALUES (?, ?)', id, 'x'.repeat(200))
    spoil(world.database)
    const { phase, status } = await world.run('dry', DRY)
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.deepEqual(status.dataLoss?.tables, [])
    assert.match(
      status.dataLoss.remark ?? '',
      /^what would be lost was not found out by this dry run: .*app\.db is damaged: /,
    )
    assert.deepEqual(
      status.checks.map(({ name, result }) => [name, result]),
      [['integrity', 'pass']],
    )
  })

  it('is not known of a database that cannot be read at all', async () => {
    rmSync(world.database)
    const file = openSync(world.database, 'w')
    writeSync(file, 'no database at all '.repeat(1000))
    closeSync(file)
    for (const [name, spec] of [
      ['dry', DRY],
      ['restore', { source: DRY.source }],
    ] as const) {
      const { phase, status } = await world.run(name, spec)
      assert.equal(phase, 'Succeeded', JSON.stringify(status))
      assert.deepEqual(status.dataLoss?.tables, [])
      assert.match(
        status.dataLoss.remark ?? '',
        /^the present database cannot be read, and what it held is not known: /,
      )
      assert.match(lossLines(status, 'en').join('\n'), /^ {2}Not known: the present database cannot be read/)
    }
  })

  it('is not known where there is no room for the copies', async (test) => {
    const scratch = join(world.state, 'scratch')
    mkdirSync(scratch)
    const small = mountTmpfs(scratch, 16)
    if (small === null) {
      test.skip('no right to mount')
      return
    }
    try {
      const { phase, status } = await world.run('dry', DRY)
      assert.equal(phase, 'Succeeded', JSON.stringify(status))
      assert.deepEqual(status.dataLoss?.tables, [])
      assert.match(
        status.dataLoss.remark ?? '',
        /^what would be lost was not found out by this dry run: .* left, and the copies take/,
      )
    } finally {
      small.unmount()
    }
  })

  it('has the number of rows alone where the safety backup cannot be compared, and says so', async () => {
    later()
    let safety = ''
    world.at.set('VerifyingBackup.begin', () => {
      safety = world.store.request('restore')?.work.safety?.path ?? ''
      renameSync(safety, `${safety}.away`)
    })
    world.at.set('VerifyingBackup.end', () => {
      renameSync(`${safety}.away`, safety)
    })
    const { phase, status } = await world.run('restore', { source: DRY.source })
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.match(
      status.dataLoss?.remark ?? '',
      /^rows were counted and not compared, so that changed ones are not known: /,
    )
    const [loss] = status.dataLoss?.tables ?? []
    assert.deepEqual([loss?.current, loss?.restored, loss?.changed], [7, 10, null])
  })

  it('has the number of rows alone where there is no safety backup', async () => {
    makeDatabase(world.database, { rows: 12, wal: false })
    const { phase, status } = await world.run('restore', { source: DRY.source, backupCurrent: false })
    assert.equal(phase, 'Succeeded', JSON.stringify(status))
    assert.match(status.dataLoss?.remark ?? '', /: there is no safety backup$/)
  })
})
