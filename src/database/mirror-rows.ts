/**
 * Copies single rows from the replaced database into the restored one. Their schemas may be of different versions, and a
 * user may have another id or be missing: what does not fit is left out and told, never forced.
 */

import { messageOf } from '../domain/errors.ts'
import { quoted, type Connection } from './connection.ts'
import { whyNotPlain } from './mirror-guard.ts'

export type Value = string | number | bigint | Buffer | null
export type Row = Readonly<Record<string, Value>>

interface ColumnInfo {
  readonly name: string
  readonly notnull: bigint
  readonly pk: bigint
  readonly type: string
  /** 0: an ordinary column; generated ones cannot be written. */
  readonly hidden: bigint
}

interface ForeignKeyInfo {
  readonly table: string
  readonly from: string
}

const USERS = 'users'
const PAGE_ROWS = 1000
/** In memory, with room to spare. */
const MOST_ROWS = 200_000
/** Below every rowid. */
const FIRST_ROWID = -(2n ** 63n)

/** The columns of a table that can be written; empty where there is no such table. */
export function columnsOf(connection: Connection, table: string): readonly ColumnInfo[] {
  const columns = connection.pragma(`main.table_xinfo(${quoted(table)})`) as ColumnInfo[]
  return columns.filter(({ hidden }) => hidden === 0n)
}

/** The columns that refer to a user. */
function userColumnsOf(connection: Connection, table: string): ReadonlySet<string> {
  const keys = connection.pragma(`main.foreign_key_list(${quoted(table)})`) as ForeignKeyInfo[]
  return new Set(keys.filter((key) => key.table.toLowerCase() === USERS).map((key) => key.from))
}

export function userIdOf(connection: Connection, username: Value): Value | undefined {
  if (!hasUsers(connection)) return undefined
  return connection.prepare<[Value], Value>(`SELECT id FROM ${USERS} WHERE username = ?`).pluck().get(username)
}

/** The application's users by number, at most `limit`; empty where no such table can be read. Never throws. */
export function namesOfUsers(connection: Connection, limit: number): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  try {
    if (whyNotPlain(connection, USERS, 'read') !== null) return names
    const sql = `SELECT id, username FROM ${USERS} LIMIT ${limit}`
    for (const { id, username } of connection.prepare<[], { id: unknown; username: unknown }>(sql).iterate()) {
      if (typeof id === 'number' && typeof username === 'string') names.set(id, username)
    }
  } catch {
    // A name is for people; the catalog is read without it.
  }
  return names
}

/** A view by that name may take as long as it likes. */
function hasUsers(connection: Connection): boolean {
  const names = columnsOf(connection, USERS).map(({ name }) => name)
  return names.includes('id') && names.includes('username') && whyNotPlain(connection, USERS, 'read') === null
}

/**
 * The rows of a table, oldest first. Page by page: a statement that goes on for long keeps the application's writers from
 * committing in rollback-journal mode.
 *
 * @throws Error where there are more rows than can be carried over.
 */
export function pagesOf(connection: Connection, table: string, columns: readonly string[]): readonly Row[] {
  const list = columns.map(quoted).join(', ')
  const page = connection.prepare<[Value], Row & { readonly modosu_rowid: bigint }>(
    `SELECT rowid AS modosu_rowid, ${list} FROM main.${quoted(table)} WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE_ROWS}`,
  )
  const found: Row[] = []
  for (let last: Value = FIRST_ROWID; ;) {
    const rows = page.all(last)
    found.push(...rows)
    if (found.length > MOST_ROWS) throw new Error(`it has more than ${MOST_ROWS} rows; none were carried over`)
    const end = rows.at(-1)?.modosu_rowid
    if (end === undefined || rows.length < PAGE_ROWS) return found
    last = end
  }
}

/** Read at once: a connection whose rows are being walked through takes no new statement. */
function usernamesOf(connection: Connection): ReadonlyMap<string, Value> {
  if (!hasUsers(connection)) return new Map()
  const users = connection.prepare<[], [Value, Value]>(`SELECT id, username FROM ${USERS}`).raw().all()
  return new Map(users.map(([id, username]) => [String(id), username]))
}

export class RowCopier {
  /** The columns that both versions of the table have. */
  readonly columns: readonly string[]
  readonly #restored: Connection
  readonly #previous: Connection
  readonly #table: string
  readonly #userColumns: ReadonlySet<string>
  readonly #required: ReadonlySet<string>
  readonly #rowid: string | undefined
  /** Of the replaced database, by id. */
  readonly #usernames: ReadonlyMap<string, Value>
  readonly #leftOut = new Map<string, number>()

  constructor(restored: Connection, previous: Connection, table: string) {
    const here = columnsOf(restored, table)
    const there = new Set(columnsOf(previous, table).map(({ name }) => name))
    this.#restored = restored
    this.#previous = previous
    this.#table = table
    this.columns = here.map(({ name }) => name).filter((name) => there.has(name))
    this.#userColumns = userColumnsOf(restored, table)
    this.#usernames = this.#userColumns.size > 0 ? usernamesOf(previous) : new Map()
    this.#required = new Set(here.filter(({ notnull }) => notnull === 1n).map(({ name }) => name))
    this.#rowid = here.find(({ pk, type }) => pk === 1n && type.toUpperCase() === 'INTEGER')?.name
  }

  /** What the replaced database has, oldest first, the common columns only. */
  rows(): readonly Row[] {
    return pagesOf(this.#previous, this.#table, this.columns)
  }

  /** Writes a row, within the caller's transaction; 0 where it was left out. It keeps its number where that is free. */
  insert(row: Row): number {
    const values = this.#withUsersOfHere(row)
    if (values === null) return 0
    const keep = this.columns.filter((column) => column !== this.#rowid || !this.#isTaken(row[column] ?? null))
    const list = keep.map(quoted).join(', ')
    const marks = keep.map(() => '?').join(', ')
    try {
      // OR ABORT: a table that says REPLACE would delete the row that is there.
      const insert = `INSERT OR ABORT INTO main.${quoted(this.#table)} (${list}) VALUES (${marks})`
      return this.#restored.prepare(insert).run(keep.map((column) => values[column] ?? null)).changes
    } catch (error) {
      // A trigger may have ended the whole transaction: then there is nothing to go on with.
      if (!this.#restored.inTransaction) throw error
      this.#leaveOut(messageOf(error))
      return 0
    }
  }

  /** One line for each reason for which rows were left out. */
  warnings(): string[] {
    return Array.from(this.#leftOut, ([why, count]) => `${this.#table}: ${count} rows were left out: ${why}`)
  }

  #isTaken(id: Value): boolean {
    const select = `SELECT 1 FROM main.${quoted(this.#table)} WHERE ${quoted(this.#rowid ?? 'rowid')} = ?`
    return this.#restored.prepare<[Value]>(select).get(id) !== undefined
  }

  /** The same user by name, whatever the number; null where a row that needs one has none. */
  #withUsersOfHere(row: Row): Row | null {
    const values: Record<string, Value> = { ...row }
    for (const column of this.#userColumns) {
      const id = row[column] ?? null
      if (id === null) continue
      const name = this.#usernames.get(String(id)) ?? null
      const mapped = name === null ? undefined : userIdOf(this.#restored, name)
      if (mapped === undefined && this.#required.has(column)) {
        this.#leaveOut(`there is no user ${String(name ?? id)}`)
        return null
      }
      values[column] = mapped ?? null
    }
    return values
  }

  #leaveOut(why: string): void {
    this.#leftOut.set(why, (this.#leftOut.get(why) ?? 0) + 1)
  }
}
