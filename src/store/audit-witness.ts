/**
 * The second place of the audit chain: `STATE/audit.heads`, to which one line is added for each record and from which none
 * is ever removed. It is what shows that the end of the audit table was cut off, or that a record was forged together
 * with its hash.
 *
 * A record is committed to the state store first and witnessed afterwards. After each line, if the process dies there:
 *   commit of the record     the file is behind by that record; the next start adds it
 *   write of the line        the same, or the last line is torn; the next start takes a torn line off and adds it anew
 *   fsync                    both places know the record
 * The file is never ahead of an honest table, so a line without its record means that somebody removed the record.
 */

import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { codeOf } from '../domain/errors.ts'
import type { Break, ChainVerdict } from './audit-chain.ts'
import type { AuditRecord } from './rows.ts'

export type AuditHead = Pick<AuditRecord, 'id' | 'hash' | 'at'>

export interface WitnessFile {
  /** As they were written, oldest first. */
  readonly heads: readonly AuditHead[]
  /** The number of a line that was not written like this, or null. The last line may be torn by a crash and does not count. */
  readonly badLine: number | null
  /** Up to where whole lines reach. */
  readonly wholeBytes: number
}

const LINE = /^(\d{1,15}) ([0-9a-f]{64}) (\S{1,40})$/

/** Where the witnessed heads lie inside the state directory. */
export function witnessPath(stateDir: string): string {
  return join(stateDir, 'audit.heads')
}

/**
 * What was witnessed, or null where there is no such file. Read it before the table: the table is written first, so that
 * all that is read here is in the table then.
 *
 * @throws the file system's error.
 */
export function readWitness(stateDir: string): WitnessFile | null {
  let text: string
  try {
    text = readFileSync(witnessPath(stateDir), 'latin1')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  const heads: AuditHead[] = []
  let wholeBytes = 0
  let badLine: number | null = null
  const lines = text.split('\n')
  const torn = lines.pop() ?? ''
  for (const [index, line] of lines.entries()) {
    const match = LINE.exec(line)
    const last = index === lines.length - 1 && torn === ''
    if (match === null && last) break
    if (match === null) badLine ??= index + 1
    else heads.push({ id: Number(match[1]), hash: match[2] ?? '', at: match[3] ?? '' })
    wholeBytes += line.length + 1
  }
  return { heads, badLine, wholeBytes }
}

/** Adds what was witnessed since. One writer: the state store. */
export class AuditWitness {
  /** There were records, and no file that witnessed them. */
  readonly wasMissing: boolean
  readonly #path: string
  readonly #headsAfter: (id: number) => readonly AuditHead[]
  #lastId: number

  /**
   * Takes a torn line off and adds the records that a crash kept from the file.
   *
   * @param headsAfter the table's heads with a greater id, in order.
   * @throws the file system's error.
   */
  constructor(stateDir: string, headsAfter: (id: number) => readonly AuditHead[]) {
    this.#path = witnessPath(stateDir)
    this.#headsAfter = headsAfter
    const found = readWitness(stateDir)
    this.wasMissing = found === null && headsAfter(0).length > 0
    this.#prepare(found?.wholeBytes ?? 0)
    this.#lastId = found?.heads.reduce((greatest, { id }) => Math.max(greatest, id), 0) ?? 0
    this.follow()
    // Where the table was cut, what comes next has a number that the file knows already: it is added all the same, so
    // that the cut shows for ever.
    this.#lastId = headsAfter(0).at(-1)?.id ?? 0
  }

  /**
   * Adds the records that were committed since. One that could not be added is added by the next call.
   *
   * @throws the file system's error.
   */
  follow(): void {
    const heads = this.#headsAfter(this.#lastId)
    const last = heads.at(-1)
    if (last === undefined) return
    const file = openSync(this.#path, 'a', 0o640)
    try {
      writeSync(file, heads.map(({ id, hash, at }) => `${id} ${hash} ${at}\n`).join(''))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    this.#lastId = last.id
  }

  #prepare(wholeBytes: number): void {
    const file = openSync(this.#path, 'a', 0o640)
    try {
      ftruncateSync(file, wholeBytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    const folder = openSync(dirname(this.#path), 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  }
}

/**
 * The whole judgement: the chain in itself, and against what was written down elsewhere.
 *
 * @param chain the verdict on the table alone.
 * @param witness read before the table; null where there is no such file.
 * @param greatestId the greatest number that SQLite ever gave to a record (sqlite_sequence), 0 where it does not know.
 */
export function compareWithWitness(
  chain: ChainVerdict,
  records: readonly Pick<AuditRecord, 'id' | 'hash'>[],
  witness: WitnessFile | null,
  greatestId: number,
): ChainVerdict {
  const breaks = [...witnessBreaks(records, witness), ...cutBreaks(records, greatestId)]
  if (chain.broken !== null) breaks.push(chain.broken)
  const [first] = breaks.sort((one, other) => one.id - other.id)
  return { ...chain, broken: first ?? null }
}

function witnessBreaks(
  records: readonly Pick<AuditRecord, 'id' | 'hash'>[],
  witness: WitnessFile | null,
): readonly Break[] {
  if (witness === null) {
    if (records.length === 0) return []
    return [{ id: 1, problem: 'the file audit.heads, which witnesses every record from record 1 on, is missing' }]
  }
  if (witness.badLine !== null) return [{ id: 0, problem: `line ${witness.badLine} of audit.heads was edited` }]
  const present = new Map(records.map(({ id, hash }) => [id, hash]))
  const breaks: Break[] = []
  let expected = 1
  for (const { id, hash, at } of witness.heads) {
    if (id > expected) {
      breaks.push({ id: expected, problem: `the line of record ${expected} was removed from audit.heads` })
    }
    expected = Math.max(expected, id + 1)
    const found = present.get(id)
    if (found === undefined) {
      breaks.push({ id, problem: `record ${id}, written at ${at}, is missing: it was removed or the log was cut off` })
    } else if (found !== hash) {
      breaks.push({ id, problem: `record ${id} is not the one that was written at ${at}: it was replaced or edited` })
    }
  }
  return breaks
}

/** AUTOINCREMENT remembers the greatest number in a table of its own, which a plain DELETE leaves as it is. */
function cutBreaks(records: readonly Pick<AuditRecord, 'id'>[], greatestId: number): readonly Break[] {
  const last = records.at(-1)?.id ?? 0
  if (greatestId <= last) return []
  return [
    { id: last + 1, problem: `record ${last + 1} is missing: the log was cut off, it reached record ${greatestId}` },
  ]
}
