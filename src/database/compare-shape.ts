/** The tables of a database as a comparison sees them: what tells the rows of each apart, and what is not compared. */

import { quoted, type Connection } from './connection.ts'

export interface Column {
  readonly name: string
  /** As declared. */
  readonly type: string
  readonly notNull: boolean
}

export interface TableShape {
  readonly name: string
  readonly quoted: string
  readonly virtual: boolean
  /** Columns that hold values: those that SQLite computes follow from them. */
  readonly columns: readonly Column[]
  /** In the order of the key; empty where there is none. */
  readonly primaryKey: readonly Column[]
  /** WITHOUT ROWID: kept under its primary key alone. */
  readonly wide: boolean
  /** Names of the row's number that no column has; empty where there is no such number or name. */
  readonly rowids: readonly string[]
  /** Why its rows are not compared; null: they are. */
  readonly skip: string | null
}

interface Listed {
  readonly name: string
  readonly type: string
  readonly wr: number
}

interface Info {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly pk: number
  readonly hidden: number
}

const ROWIDS = ['rowid', '_rowid_', 'oid']
const SQLITES_OWN = /^sqlite_/i
/** Virtual tables that keep rows of their own, under numbers of their own. */
const WITH_ROWS = new Set(['fts3', 'fts4', 'fts5', 'rtree', 'rtree_i32', 'geopoly'])
const MODULE =
  /^CREATE\s+VIRTUAL\s+TABLE\s+(?:"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`|'(?:[^']|'')*'|[^\s"'`[]+)\s+USING\s+["'`[]?(\w+)/i
const CONTENT = /[,(]\s*content\s*=\s*(?:'([^']*)'|"([^"]*)"|\[([^\]]*)\]|`([^`]*)`|([^\s,)]*))/i

/** SQLite tells names apart without regard to the case of ASCII letters. */
export function folded(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Every table, without SQLite's own and the parts that virtual tables are made of. */
export function tablesOf(connection: Connection, schema: 'main' | 'other'): TableShape[] {
  const listed = connection.pragma(`${schema}.table_list`) as Listed[]
  return listed
    .filter(({ name, type }) => (type === 'table' || type === 'virtual') && !SQLITES_OWN.test(name))
    .map((table) => shapeOf(connection, schema, table))
}

function shapeOf(connection: Connection, schema: string, { name, type, wr }: Listed): TableShape {
  const virtual = type === 'virtual'
  const bare = { name, quoted: quoted(name), virtual, columns: [], primaryKey: [], wide: wr === 1, rowids: [] }
  const skip = virtual ? skipOf(definitionOf(connection, schema, name)) : null
  if (skip !== null) return { ...bare, skip }
  const infos = connection.pragma(`${schema}.table_xinfo(${quoted(name)})`) as Info[]
  const taken = new Set(infos.map((column) => folded(column.name)))
  const rowids = wr === 1 ? [] : ROWIDS.filter((each) => !taken.has(each))
  const shape = {
    ...bare,
    columns: infos.filter(({ hidden }) => hidden === 0).map(columnOf),
    primaryKey: infos
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(columnOf),
    rowids,
  }
  const nameless = rowids.length === 0 && shape.primaryKey.length === 0
  const why = 'not compared: its columns rowid, _rowid_ and oid hide the number of a row, and it has no primary key'
  return { ...shape, skip: nameless ? why : null }
}

function columnOf({ name, type, notnull }: Info): Column {
  return { name, type, notNull: notnull === 1 }
}

function definitionOf(connection: Connection, schema: string, name: string): string {
  const sql = `SELECT sql FROM ${schema}.sqlite_schema WHERE type = 'table' AND name = ?`
  return String(connection.prepare(sql).pluck().get(name))
}

/** Why the rows of a virtual table are not compared; null: they are its own, and can be walked through. */
function skipOf(definition: string): string | null {
  const module = (MODULE.exec(definition)?.[1] ?? '').toLowerCase()
  if (!WITH_ROWS.has(module)) {
    return `not compared: a virtual table of the module ${module === '' ? 'unknown' : module}, which keeps no rows that are known here`
  }
  if (!module.startsWith('fts')) return null
  const content = CONTENT.exec(definition)
    ?.slice(1)
    .find((each: string | undefined) => each !== undefined)
  if (content === undefined) return null
  return content === ''
    ? 'not compared: a full-text index that keeps no text of its own (contentless)'
    : `not compared: a full-text index of ${content}, whose rows are compared where they are`
}
