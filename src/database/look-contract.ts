/** What a look into databases finds: how two of them differ, and what a question is answered with. */

/** A value as it is shown: of a long text or blob the beginning. `hex`: of a blob; `bytes`: how long it is in all. */
export type ShownValue = null | bigint | number | string | { readonly hex: string; readonly bytes: number }

export interface ShownColumn {
  readonly column: string
  readonly value: ShownValue
}

export type ShownRow = readonly ShownColumn[]

/** A row that both have under one key, with the columns in which it differs. */
export interface ChangedRow {
  readonly key: ShownRow
  readonly columns: readonly { readonly column: string; readonly present: ShownValue; readonly backup: ShownValue }[]
}

/** The rows of one table in the present database and in the backup. */
export interface TableComparison {
  readonly table: string
  readonly where: 'both' | 'present' | 'backup'
  /** The columns by which a row is the same row; `['rowid']` where the table has no primary key; empty where no row was paired. */
  readonly key: readonly string[]
  /** Rows that it has. null: not known. */
  readonly present: number | null
  readonly backup: number | null
  /** Rows that only the present database has. null: not known. */
  readonly vanish: number | null
  /** Rows that only the backup has. null: not known. */
  readonly return: number | null
  /** Rows that both have, with another value in a column that both have. null: not known. */
  readonly change: number | null
  /** Left out by rule: its rows follow from others, or it keeps none that are known here. */
  readonly skipped: boolean
  /** Why something is not known, or what is to be known of the figures; null: nothing. */
  readonly remark: string | null
  /** The first rows of each kind, in the order of the table. */
  readonly vanishing: readonly ShownRow[]
  readonly returning: readonly ShownRow[]
  readonly changing: readonly ChangedRow[]
}

/** A table, index, view or trigger that is not the same in both. */
export interface SchemaDifference {
  readonly type: string
  readonly name: string
  readonly where: 'both' | 'present' | 'backup'
  /** Of a table that both have: columns that only one of them has. */
  readonly columnsPresent: readonly string[]
  readonly columnsBackup: readonly string[]
}

export interface Comparison {
  /** Every table of both, by name; SQLite's own (`sqlite_…`) and the parts of virtual tables are left out. */
  readonly tables: readonly TableComparison[]
  readonly schema: readonly SchemaDifference[]
}

export interface CompareRequest {
  /** Neither file is in use by anybody; nothing lies beside them. */
  readonly present: string
  readonly backup: string
  /** null: all. */
  readonly tables: readonly string[] | null
  /** Sample rows of each kind and table. */
  readonly rows: number
  /** What is not compared in this time, in milliseconds, stays unknown; null: as long as the call may take. */
  readonly budgetMs: number | null
}

export interface QueryRequest {
  /** A file that nobody uses; nothing lies beside it. */
  readonly path: string
  readonly sql: string
  readonly maxRows: number
  /** Of all values together. */
  readonly maxBytes: number
}

export type QueryValue = null | bigint | number | string | Uint8Array

export interface QueryAnswer {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly QueryValue[])[]
  /** Which bound ended the answer before its last row; null: it is whole. */
  readonly cut: 'rows' | 'bytes' | null
}
