/**
 * The power fails at every instant of a recorded restore, and of what was not synced by then the disk has kept any subset:
 * all subsets of a few operations, else all beginnings, each one missing, each one alone, and a number drawn by seed.
 */

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

import { changed, type DiskLog, type DiskOperation } from './disk-log.ts'
import type { StartFiles } from './starts.ts'

/** Up to so many unsure operations every subset is tried. */
const ALL_SUBSETS_OF = 7
const DRAWN = 40
const SIDES = ['', '-wal', '-journal'] as const

export interface PowerReport {
  readonly instants: number
  /** Subsets that were looked at. */
  readonly cuts: number
  /** Different states of the database's files among them, each opened with SQLite. */
  readonly states: number
  readonly old: number
  readonly new: number
  readonly findings: readonly string[]
}

interface Disk {
  readonly names: ReadonlyMap<string, number>
  readonly contents: ReadonlyMap<number, Buffer>
}

export function cutPower(log: DiskLog, files: StartFiles, database: string, seed: number): PowerReport {
  const judge = new Judge(files, database)
  const draw = generator(seed)
  const { operations } = log
  let cuts = 0
  for (let instant = 0; instant <= operations.length; instant += 1) {
    const unsure: number[] = []
    for (let index = 0; index < instant; index += 1) if ((operations[index]?.sureAt ?? 0) > instant) unsure.push(index)
    for (const lost of subsets(unsure, draw)) {
      cuts += 1
      judge.look(rebuilt(log, instant, lost), () => describe(operations, instant, lost))
    }
  }
  return { instants: operations.length + 1, cuts, ...judge.report() }
}

/** Which operations are lost. */
function* subsets(unsure: readonly number[], draw: () => number): Generator<ReadonlySet<number>> {
  const size = unsure.length
  if (size <= ALL_SUBSETS_OF) {
    for (let mask = 0; mask < 2 ** size; mask += 1) yield new Set(unsure.filter((_, bit) => (mask >> bit) % 2 === 1))
    return
  }
  for (let kept = 0; kept <= size; kept += 1) yield new Set(unsure.slice(kept))
  for (const one of unsure) {
    yield new Set([one])
    yield new Set(unsure.filter((other) => other !== one))
  }
  for (let times = 0; times < DRAWN; times += 1) yield new Set(unsure.filter(() => draw() < 0.5))
}

function rebuilt({ names, contents, operations }: DiskLog, instant: number, lost: ReadonlySet<number>): Disk {
  const present = new Map(names)
  const written = new Map(contents)
  for (let index = 0; index < instant; index += 1) {
    const operation = operations[index]
    if (operation !== undefined && !lost.has(index)) perform(operation, present, written)
  }
  return { names: present, contents: written }
}

function perform(operation: DiskOperation, names: Map<string, number>, contents: Map<number, Buffer>): void {
  switch (operation.kind) {
    case 'name':
      names.set(operation.path, operation.inode)
      return
    case 'unname':
      names.delete(operation.path)
      return
    case 'rename':
      names.delete(operation.from)
      names.set(operation.path, operation.inode)
      return
    case 'write':
    case 'length':
      contents.set(operation.inode, changed(contents.get(operation.inode) ?? Buffer.alloc(0), operation))
  }
}

/** Opens every different state once with the real SQLite. */
class Judge {
  readonly #files: StartFiles
  readonly #database: string
  readonly #seen = new Map<string, 'OLD' | 'NEW' | 'NEITHER'>()
  readonly #keeps = new Map<string, boolean>()
  readonly #judged = new Set<string>()
  readonly #findings: string[] = []

  constructor(files: StartFiles, database: string) {
    this.#files = files
    this.#database = database
  }

  look(disk: Disk, describeCut: () => string): void {
    const seen = this.#once(this.#seen, disk, this.#database, (path) => this.#files.classify(path))
    const keepers = [...disk.names.keys()].filter((path) => this.#mayKeepOld(path))
    const kept = seen !== 'NEW' || this.#files.start === 'none' || keepers.some((path) => this.#holdsOld(disk, path))
    if (seen !== 'NEITHER' && kept) return
    const finding = seen === 'NEITHER' ? 'neither OLD nor NEW' : 'NEW is there, and no file holds OLD any more'
    const key = `${finding} ${stateOf(disk, this.#database)}`
    if (this.#judged.has(key)) return
    this.#judged.add(key)
    this.#findings.push(`${finding}: ${describeCut()}`)
  }

  report(): Omit<PowerReport, 'instants' | 'cuts'> {
    const count = (content: string) => [...this.#seen.values()].filter((each) => each === content).length
    return { states: this.#seen.size, old: count('OLD'), new: count('NEW'), findings: this.#findings }
  }

  #mayKeepOld(path: string): boolean {
    return /\/restore_safety_\d+(_\d+)?\.db$|\/app\.db(\.modosu-[^/]*\.old|\.broken\.[0-9_]+)$/.test(path)
  }

  #holdsOld(disk: Disk, path: string): boolean {
    return this.#once(this.#keeps, disk, path, (copy) => this.#files.holdsOld(copy))
  }

  #once<T>(known: Map<string, T>, disk: Disk, path: string, look: (path: string) => T): T {
    const key = stateOf(disk, path)
    const before = known.get(key)
    if (before !== undefined) return before
    const folder = mkdtempSync(join(tmpdir(), 'modosu-cut-'))
    try {
      mkdirSync(folder, { recursive: true })
      for (const side of SIDES) {
        const content = contentAt(disk, `${path}${side}`)
        if (content !== undefined) writeFileSync(join(folder, `${basename(path)}${side}`), content)
      }
      const found = look(join(folder, basename(path)))
      known.set(key, found)
      return found
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function contentAt({ names, contents }: Disk, path: string): Buffer | undefined {
  const inode = names.get(path)
  return inode === undefined ? undefined : contents.get(inode)
}

function stateOf(disk: Disk, path: string): string {
  const hash = createHash('sha256')
  for (const side of SIDES) {
    const content = contentAt(disk, `${path}${side}`)
    hash.update(content === undefined ? 'none' : `${content.length}:`).update(content ?? '')
  }
  return hash.digest('hex')
}

function describe(operations: readonly DiskOperation[], instant: number, lost: ReadonlySet<number>): string {
  const tell = (index: number) => {
    const operation = operations[index]
    if (operation === undefined) return 'the beginning'
    return 'path' in operation ? `${operation.kind} ${operation.path}` : `${operation.kind} of file ${operation.inode}`
  }
  const missing = [...lost].map((index) => `${index} (${tell(index)})`).join(', ')
  return `power fails after operation ${instant - 1} (${tell(instant - 1)}), lost: ${missing === '' ? 'nothing' : missing}`
}

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
