/**
 * What an unfinished restore left beside a database, judged by names and inodes alone: which file holds what, and what
 * to do with each. For whoever has lost the notes that a restore keeps (the state store), so that nobody has to guess.
 * Nothing is opened and nothing is changed.
 */

import { lstatSync, readdirSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

import { compactTimestamp } from '../domain/clock.ts'
import { shellWord } from '../domain/shell-word.ts'
import { sideFiles } from './place.ts'

export interface LeftoverFile {
  readonly path: string
  readonly kind: 'old' | 'new' | 'back'
  /** '' for the database itself, or which of its side files this was. */
  readonly suffix: string
  readonly sameFileAsDatabase: boolean
  readonly modifiedMs: number
}

export interface Leftover {
  /** The request that left it. */
  readonly request: string
  readonly files: readonly LeftoverFile[]
}

export interface Explanation {
  /** What lies there and what the database's path holds. */
  readonly message: string
  /** In this order, each one line for a shell; none of them loses anything that is not somewhere else. */
  readonly commands: readonly string[]
}

const NAME =
  /^(-wal|-shm|-journal)?\.modosu-([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.(old|new|back)(-wal|-shm|-journal)?$/

/** By request, sorted by name. Empty where the directory cannot be read. */
export function findLeftovers(configured: string): Leftover[] {
  const database = realPathOf(configured)
  const base = basename(database)
  const main = inodeOf(database)
  const found = new Map<string, LeftoverFile[]>()
  for (const name of namesIn(dirname(database))) {
    const match = name.startsWith(base) ? NAME.exec(name.slice(base.length)) : null
    if (match === null) continue
    const [, side = '', request = '', kind, ownSide = ''] = match
    const path = join(dirname(database), name)
    const inode = inodeOf(path)
    if (inode === null) continue
    const file = {
      path,
      kind: kind as LeftoverFile['kind'],
      suffix: side === '' ? ownSide : side,
      sameFileAsDatabase: side === '' && ownSide === '' && inode.text === main?.text,
      modifiedMs: inode.modifiedMs,
    }
    found.set(request, [...(found.get(request) ?? []), file])
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([request, files]) => ({ request, files }))
}

/** What the notes of the restore still tell, where there are any. */
export interface Known {
  /** The restored file, as it was when it had passed its checks; null: not known. */
  readonly restored: { readonly dev: string; readonly ino: string } | null
}

/**
 * Which of the files is which, and how to put things in order. What is kept becomes a safety backup, to which one command
 * goes back; only second names and unused copies are removed.
 */
export function explainLeftover(
  configured: string,
  target: { readonly name: string; readonly backups: { readonly path: string } },
  { request, files }: Leftover,
  { restored }: Known = { restored: null },
): Explanation {
  const database = realPathOf(configured)
  const old = files.filter(({ kind }) => kind === 'old')
  const main = old.find(({ suffix }) => suffix === '') ?? null
  const sides = old.filter(({ suffix }) => suffix === '-wal' || suffix === '-journal')
  const lost = sides.filter(({ suffix }) => inodeOf(`${database}${suffix}`) === null)
  const copies = files.filter(({ kind }) => kind !== 'old')
  const told = (message: string, commands: readonly string[]): Explanation => ({
    message: `restore ${request} left files beside ${database}: ${message}`,
    commands: [...commands, ...removal(copies)],
  })
  const standing = inodeOf(database)
  if (main === null && sides.length === 0) return told(aboutCopies(copies), [])
  if (standing === null && main !== null) {
    const message = `nothing stands at the database's path, and ${listed([main])} is the whole database from before`
    return told(message, [
      move(main.path, database),
      ...sides.map((side) => move(side.path, `${database}${side.suffix}`)),
    ])
  }
  if (main === null || main.sameFileAsDatabase) {
    if (lost.length === 0) {
      const message = `${listed(old)} is a second name of the database, which is the one from before that restore`
      return told(message, removal(old))
    }
    const message =
      `the swap was broken off before its rename; the database is the old, damaged one, and ${listed(lost)} belongs ` +
      'to it; keep the application stopped until it is back in its place'
    const back = lost.map((side) => move(side.path, `${database}${side.suffix}`))
    return told(message, [...back, ...removal(old.filter((file) => !lost.includes(file)))])
  }
  const safety = freeSafetyPath(target.backups.path, main.modifiedMs)
  const foreign = restored !== null && standing?.text !== `${restored.dev}:${restored.ino}`
  const present = foreign
    ? 'the database is neither the old nor the restored one: somebody else put it there'
    : 'the database is the restored one, which had passed every check before it was put in place'
  const message = `${present}; ${listed([main])} is the whole one from before: keep it as a safety backup, to which modosu can go back`
  const kept = [main, ...sides].map(({ path, suffix }) => move(path, `${safety}${suffix}`))
  const back = `modosu rollback --target ${target.name} --to ${basename(safety)}   # only to go back to it`
  const useless = removal([...old.filter(({ suffix }) => suffix === '-shm'), ...copies])
  return { ...told(message, []), commands: [...kept, ...useless, back] }
}

function aboutCopies(copies: readonly LeftoverFile[]): string {
  return copies.some(({ sameFileAsDatabase }) => sameFileAsDatabase)
    ? `${listed(copies)} is a second name of the database, which is the restored one; there was none before`
    : `${listed(copies)} is a copy that never came into use; the database is the one from before that restore`
}

function move(from: string, to: string): string {
  return `mv -n ${words([from, to])}`
}

function removal(files: readonly LeftoverFile[]): string[] {
  return files.length === 0 ? [] : [`rm ${words(files.map(({ path }) => path))}`]
}

/** A name that the safety backups' own form has, with the time of the old database's last change. */
function freeSafetyPath(folder: string, timeMs: number): string {
  const stem = join(folder, `restore_safety_${compactTimestamp(timeMs)}`)
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? `${stem}.db` : `${stem}_${number}.db`
    if ([path, ...sideFiles(path)].every((file) => inodeOf(file) === null)) return path
  }
}

function words(paths: readonly string[]): string {
  return paths.map(shellWord).join(' ')
}

function listed(files: readonly LeftoverFile[]): string {
  return files.map(({ path }) => basename(path)).join(', ')
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

function inodeOf(path: string): { readonly text: string; readonly modifiedMs: number } | null {
  try {
    const { dev, ino, mtimeMs } = lstatSync(path, { bigint: true })
    return { text: `${dev}:${ino}`, modifiedMs: Number(mtimeMs) }
  } catch {
    return null
  }
}
