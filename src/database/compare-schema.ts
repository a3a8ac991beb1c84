/** What of the schema is not the same in two databases, in names that a person knows: an older backup lacks later migrations. */

import { folded } from './compare-shape.ts'
import { quoted, type Connection } from './connection.ts'
import type { SchemaDifference } from './look-contract.ts'

interface SchemaObject {
  readonly type: string
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

/** @param wanted names of tables, folded; null: all. */
export function schemaDifferences(connection: Connection, wanted: ReadonlySet<string> | null): SchemaDifference[] {
  const [present, backup] = [objectsOf(connection, 'main'), objectsOf(connection, 'other')]
  const keys = [...new Set([...present.keys(), ...backup.keys()])].sort()
  return keys.flatMap((key): SchemaDifference[] => {
    const [now, then] = [present.get(key), backup.get(key)]
    const either = now ?? then
    if (either === undefined || wanted?.has(folded(either.tbl_name)) === false) return []
    const { type, name } = either
    if (now === undefined || then === undefined) {
      return [{ type, name, where: now === undefined ? 'backup' : 'present', columnsPresent: [], columnsBackup: [] }]
    }
    if (now.sql === then.sql) return []
    return [{ type, name, where: 'both', ...columnsOf(connection, now) }]
  })
}

/** The parts of virtual tables follow from these, and indexes without a text from their table's. */
function objectsOf(connection: Connection, schema: 'main' | 'other'): Map<string, SchemaObject> {
  const sql =
    `SELECT type, name, tbl_name, trim(sql) AS sql FROM ${schema}.sqlite_schema ` +
    "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT IN " +
    `(SELECT name FROM pragma_table_list WHERE schema = '${schema}' AND type = 'shadow')`
  const objects = connection.prepare<[], SchemaObject>(sql).all()
  return new Map(objects.map((object) => [`${object.type} ${folded(object.name)}`, object]))
}

function columnsOf(connection: Connection, { type, name }: SchemaObject) {
  if (type !== 'table') return { columnsPresent: [], columnsBackup: [] }
  const columns = (schema: string): string[] =>
    (connection.pragma(`${schema}.table_xinfo(${quoted(name)})`) as { readonly name: string }[]).map(
      (column) => column.name,
    )
  const [present, backup] = [columns('main'), columns('other')]
  const lacking = (these: readonly string[], those: readonly string[]): string[] => {
    const there = new Set(those.map(folded))
    return these.filter((column) => !there.has(folded(column)))
  }
  return { columnsPresent: lacking(present, backup), columnsBackup: lacking(backup, present) }
}
