/** sqldiff (Debian: sqlite3-tools) as the judge of a comparison: its counts, its keys, and its verdict on what our rows make. */

import assert from 'node:assert/strict'
import type Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'

import { literalOf } from '../../src/database/shown-values.ts'
import type { ChangedRow, ShownRow, ShownValue, TableComparison } from '../../src/database/look-contract.ts'

/** Why it cannot be asked; false: it can. */
export const SKIP = spawnSync('sqldiff', ['--help']).status === 0 ? false : 'takes sqldiff (Debian: sqlite3-tools)'

export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function sqldiff(...words: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync('sqldiff', words, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  assert.equal(status, 0, stderr)
  return stdout
}

interface Figures {
  readonly change: number
  readonly back: number
  readonly vanish: number
}

/** @param byNumber pair rows by their number, sqldiff's own way for tables that have one. */
export function countedBySqldiff(present: string, backup: string, table: string, byNumber: boolean): Figures {
  const key = byNumber ? [] : ['--primarykey']
  const summary = sqldiff(...key, '--summary', '--table', table, present, backup)
  const [, change, back, vanish] = /: (\d+) changes, (\d+) inserts, (\d+) deletes,/.exec(summary) ?? []
  assert.ok(vanish !== undefined, summary)
  return { change: Number(change), back: Number(back), vanish: Number(vanish) }
}

function bound(value: ShownValue): unknown {
  if (typeof value !== 'object' || value === null) return value
  assert.equal(value.hex.length, value.bytes * 2, 'a value was cut')
  return Buffer.from(value.hex, 'hex')
}

function name(column: string): string {
  return column === 'rowid' ? column : quotedName(column)
}

/** Does to the database what the rows say. */
export function apply(
  database: Database.Database,
  { table, key, vanishing, returning, changing }: TableComparison,
): void {
  const computed = new Set(
    database
      .prepare<[string], { readonly name: string }>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden > 1')
      .all(table)
      .map((each) => each.name),
  )
  const keyOf = (row: ShownRow): unknown[] =>
    key.map((column) => bound(row.find((each) => each.column === column)!.value))
  const is = key.map((column) => `${name(column)} = ?`).join(' AND ')
  for (const row of vanishing) database.prepare(`DELETE FROM ${quotedName(table)} WHERE ${is}`).run(...keyOf(row))
  for (const { key: at, columns } of changing satisfies readonly ChangedRow[]) {
    const stored = columns.filter(({ column }) => !computed.has(column))
    const set = stored.map(({ column }) => `${quotedName(column)} = ?`).join(', ')
    database
      .prepare(`UPDATE ${quotedName(table)} SET ${set} WHERE ${is}`)
      .run(...stored.map(({ backup }) => bound(backup)), ...at.map(({ value }) => bound(value)))
  }
  for (const row of returning) {
    const stored = row.filter(({ column }) => !computed.has(column))
    const marks = stored.map(() => '?').join(', ')
    database
      .prepare(
        `INSERT INTO ${quotedName(table)} (${stored.map(({ column }) => name(column)).join(', ')}) VALUES (${marks})`,
      )
      .run(...stored.map(({ value }) => bound(value)))
  }
}

/** The keys that sqldiff's statements name, for tables with one column for a key. */
export function keysBySqldiff(present: string, backup: string, table: string) {
  const sql = sqldiff('--primarykey', '--table', table, present, backup)
  const of = (pattern: RegExp): string[] => Array.from(sql.matchAll(pattern), ([, key = '']) => key).toSorted()
  const literal = `('(?:[^']|'')*'|-?\\d+)`
  return {
    vanishing: of(new RegExp(`^DELETE FROM \\S+ WHERE \\S+?=${literal};$`, 'gm')),
    returning: of(new RegExp(`^INSERT INTO \\S+\\([^)]*\\) VALUES\\(${literal}[,)]`, 'gm')),
    changing: of(new RegExp(`^UPDATE \\S+ SET [^]*? WHERE \\w+=${literal};$`, 'gm')),
  }
}

export function keyLiteral(value: ShownValue | undefined): string {
  return value === undefined ? '' : literalOf(value, (text) => text)
}
