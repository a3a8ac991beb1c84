/**
 * What `modosu compare` and a dry run say, held against sqldiff (Debian: sqlite3-tools) in two ways: its own count of each
 * table, and its verdict on the present database after exactly the rows that we showed were taken away, brought back and changed.
 */
import assert from 'node:assert/strict'
import Database from 'better-sqlite3'
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, describe, it } from 'node:test'

import type { ShownRow, TableComparison } from '../../src/database/look-contract.ts'
import { writeChecksums } from '../support/files.ts'
import { InProcess } from '../support/in-process.ts'
import { generate, TABLES } from './random-kinds.ts'
import { apply, countedBySqldiff, keyLiteral, keysBySqldiff, SKIP } from './sqldiff.ts'
import { SOON, world } from './world.ts'

const { operations, folder } = world('sqldiff')
/** A folder of the application's own: `live/NAME.db` and `backups/{daily,weekly,monthly}`, with their `-wal`. */
const REAL = process.env['MODOSU_TEST_DATA'] ?? ''
const SKIP_REAL =
  SKIP !== false ? SKIP : existsSync(join(REAL, 'live')) && REAL !== '' ? false : 'MODOSU_TEST_DATA names no data'
const SEEDS = [1, 2, 3, 4]

async function comparedWithAll(present: string, backup: string): Promise<readonly TableComparison[]> {
  const { tables } = await operations.compare(
    { present, backup, tables: null, rows: 100_000, budgetMs: null },
    { ...SOON, deadlineMs: 120_000 },
  )
  return tables
}

const dry = new InProcess({ rows: 1 })
after(() => dry.remove())

/** The dry run of that backup has the figures of the comparison, and the first of its rows. */
async function dryRunAgrees(
  tables: readonly TableComparison[],
  present: string,
  backup: string,
  file: string,
): Promise<void> {
  const id = await dryRunOf(present, backup, file)
  const { dataLoss } = dry.store.request(id)!.status
  assert.ok(dataLoss !== undefined && dataLoss.remark === undefined, JSON.stringify(dataLoss))
  const expected = tables.filter(({ vanish, return: back, change }) => vanish! + back! + change! > 0)
  assert.deepEqual(
    dataLoss.tables.map(({ table, vanishing, returning, changed }) => [table, vanishing, returning, changed]),
    expected.map(({ table, vanish, return: back, change }) => [table, vanish, back, change]),
  )
  for (const [index, { samples }] of dataLoss.tables.entries()) {
    const { key, vanishing, returning, changing } = expected[index]!
    assert.ok(samples !== undefined || index >= 20)
    if (samples === undefined) continue
    const shown = (row: ShownRow): string =>
      row
        .filter(({ column }) => key.includes(column))
        .map(({ column, value }) => `${column}=${keyLiteral(value)}`)
        .join(', ')
    assert.deepEqual(samples.vanishing, vanishing.slice(0, 3).map(shown))
    assert.deepEqual(samples.returning, returning.slice(0, 3).map(shown))
    assert.deepEqual(
      samples.changing,
      changing.slice(0, 3).map((row) => `${shown(row.key)}: ${row.columns.map(({ column }) => column).join(', ')}`),
    )
  }
}

async function dryRunOf(present: string, backup: string, file: string): Promise<string> {
  const id = `dry-${file.replaceAll(/[^a-z0-9]/g, '-')}`
  const at = join(dry.backups, 'daily')
  mkdirSync(at, { recursive: true })
  const stamp = /(\d{8}_\d{6})/.exec(file)?.[1] ?? ''
  const copy = join(at, `app_daily_${stamp}.db`)
  copyFileSync(backup, copy)
  writeChecksums(copy)
  copyFileSync(present, dry.database)
  const source = { backupId: `BKP-${stamp.replace('_', '-')}-daily` }
  const { phase, status } = await dry.run(id, { mode: 'DryRun', source })
  assert.equal(phase, 'Succeeded', JSON.stringify(status))
  return id
}
describe('held against sqldiff, a comparison', { timeout: 600_000, skip: SKIP }, () => {
  for (const seed of SEEDS) {
    it(`has its figures, and rows that make one database the other (seed ${seed})`, async () => {
      const home = folder()
      const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
      generate(present, backup, seed)
      const tables = await comparedWithAll(present, backup)
      assert.deepEqual(
        tables.map(({ table }) => table).toSorted(),
        [...Object.keys(TABLES), 'boxes', 'words'].toSorted(),
      )
      const patched = join(home, 'patched.db')
      copyFileSync(present, patched)
      const connection = new Database(patched)
      connection.pragma('writable_schema = OFF')
      for (const table of tables)
        connection.transaction(() => {
          apply(connection, table)
        })()
      connection.close()
      for (const { table, key, vanish, return: back, change, vanishing, returning, changing } of tables) {
        assert.deepEqual([vanishing.length, returning.length, changing.length], [vanish, back, change], table)
        // Of a virtual table the rows lie in a table of its own.
        const stored = table === 'words' ? 'words_content' : table === 'boxes' ? 'boxes_rowid' : table
        const byNumber = key[0] === 'rowid'
        const found = countedBySqldiff(present, backup, stored, byNumber)
        // The nodes of an index are none of its rows.
        if (table === 'boxes') assert.deepEqual([vanish, back], [found.vanish, found.back])
        else assert.deepEqual({ change, back, vanish }, found, table)
        if (table === 'boxes') continue
        assert.deepEqual(countedBySqldiff(patched, backup, stored, byNumber), { change: 0, back: 0, vanish: 0 }, table)
      }
      await dryRunAgrees(tables, present, backup, `generated_2026021${seed}_020015.db`)
      assert.equal(
        Math.min(...tables.filter(({ table }) => table !== 'boxes').map(({ change }) => change ?? 0)) > 0,
        true,
      )
    })
  }
})

/** Takes a set into one file. */
function whole(from: string, to: string): void {
  for (const side of ['', '-wal']) if (existsSync(from + side)) copyFileSync(from + side, to + side)
  const connection = new Database(to)
  connection.pragma('journal_mode = DELETE')
  connection.close()
}

describe('on the data of a real application, held against sqldiff', { timeout: 900_000, skip: SKIP_REAL }, () => {
  const [live = ''] = existsSync(join(REAL, 'live'))
    ? readdirSync(join(REAL, 'live')).filter((each) => each.endsWith('.db'))
    : []
  const sets = ['daily', 'weekly', 'monthly'].flatMap((type) => {
    const at = join(REAL, 'backups', type)
    return existsSync(at)
      ? readdirSync(at)
          .filter((each) => each.endsWith('.db'))
          .map((each) => join(at, each))
      : []
  })
  for (const set of sets) {
    it(`a comparison and a dry run have its figures and its rows: ${basename(set)}`, async () => {
      const home = folder()
      const [present, backup] = [join(home, 'present.db'), join(home, 'backup.db')]
      whole(join(REAL, 'live', live), present)
      whole(set, backup)
      const tables = await comparedWithAll(present, backup)
      let differing = 0
      for (const { table, where, key, vanish, return: back, change, remark, ...rows } of tables) {
        assert.deepEqual([where, remark], ['both', null], table)
        const byNumber = key[0] === 'rowid'
        assert.deepEqual({ change, back, vanish }, countedBySqldiff(present, backup, table, byNumber), table)
        if (byNumber || key.length !== 1 || change! + back! + vanish! === 0) continue
        differing += 1
        const keys = (all: readonly ShownRow[]): string[] =>
          all.map((row) => keyLiteral(row.find(({ column }) => column === key[0])?.value)).toSorted()
        assert.deepEqual(
          {
            vanishing: keys(rows.vanishing),
            returning: keys(rows.returning),
            changing: keys(rows.changing.map((row) => row.key)),
          },
          keysBySqldiff(present, backup, table),
          table,
        )
      }
      assert.ok(differing > 0, 'some table differs')
      await dryRunAgrees(tables, present, backup, basename(set))
    })
  }
})
