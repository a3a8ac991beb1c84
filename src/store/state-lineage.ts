/**
 * Whether the state store is the one that was written last. A store that came back from a snapshot or a backup is whole and
 * older than the world: requests that have run are waiting in it, or are not in it at all. What it is compared with lies
 * in other files, each written after the commit that it speaks of, so that none is ever ahead of an honest store:
 *
 *   STATE/audit.heads               a line for each audit record (`audit-witness.ts`)
 *   STATE/status/NAME.yaml          the status of each request
 *   BACKUPS/.modosu-state-ID        the last transition that mattered, in the directory of each target's backups: it stays
 *                                   where it is when the whole state directory is put back
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { codeOf } from '../domain/errors.ts'
import { isTerminal, type Phase } from '../domain/phases.ts'
import { readWitness } from './audit-witness.ts'
import type { StateReader } from './reader.ts'
import type { StoredRequest } from './rows.ts'

/** In `meta`: which line of history this store continues. Another one begins when a person accepts an old store. */
export const LINEAGE_KEY = 'lineage'
/** In `meta`: how many lines of audit.heads a person has accepted as the past. */
const ACCEPTED_HEADS_KEY = 'accepted-heads'

/** Beside the backups of a target; hidden, so that no glob of the manual's takes it for anything. */
export function markPath(backups: string, lineage: string): string {
  return join(backups, `.modosu-state-${lineage}`)
}

/** The content of a mark: number, request and phase of a transition. */
export function markText(transition: { readonly id: number; readonly uid: string; readonly to: string }): string {
  return `${transition.id} ${transition.uid} ${transition.to}\n`
}

const MARK = /^(\d{1,15}) (\S{1,64}) (\w{1,32})\n$/

export interface LineageQuestion {
  readonly stateDir: string
  readonly reader: StateReader
  /** The backup directory of each target. */
  readonly backups: readonly string[]
}

/** What shows that the world is ahead of the store, a sentence each; empty where nothing does. */
export function signsOfRollback(question: LineageQuestion): readonly string[] {
  return [...headsAhead(question), ...mirrorsAhead(question).map(({ sign }) => sign), ...marksAhead(question)]
}

/** Sets the mirrors aside that are ahead of the store: they tell what became of their requests, and would be written over. */
export function keepMirrorsAhead(question: LineageQuestion): void {
  const folder = join(question.stateDir, 'status')
  const kept = join(folder, '_ahead')
  for (const { file } of mirrorsAhead(question)) {
    mkdirSync(kept, { recursive: true, mode: 0o755 })
    renameSync(join(folder, file), join(kept, file))
  }
}

/** From now on this store is the present, whatever the world remembers of another one. */
export function acceptedFacts(stateDir: string, lineage: string): readonly (readonly [key: string, value: string])[] {
  const heads = readWitness(stateDir)?.heads.length ?? 0
  return [
    [LINEAGE_KEY, lineage],
    [ACCEPTED_HEADS_KEY, String(heads)],
  ]
}

function headsAhead({ stateDir, reader }: LineageQuestion): readonly string[] {
  const accepted = Number(reader.meta(ACCEPTED_HEADS_KEY) ?? 0)
  const heads = readWitness(stateDir)?.heads.slice(accepted) ?? []
  const last = reader.auditHead()?.id ?? 0
  // A store that still has the commit which the record was written in was not put back: somebody cut its audit table off,
  // which `modosu audit verify` tells.
  const ahead = heads.filter(({ id, at }) => id > last && !reader.hasTransitionAt(at))
  const [first] = ahead
  if (first === undefined) return []
  return [
    `audit.heads witnesses ${ahead.length} audit records that the state store does not have, the first of them number ${first.id}, written at ${first.at}`,
  ]
}

interface MirrorAhead {
  readonly file: string
  readonly sign: string
}

function mirrorsAhead({ stateDir, reader }: LineageQuestion): readonly MirrorAhead[] {
  const folder = join(stateDir, 'status')
  if (!existsSync(folder)) return []
  const known = new Map(reader.requests().map((request) => [request.uid, request]))
  const found: MirrorAhead[] = []
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.yaml')) continue
    const sign = signOf(readMirror(join(folder, file)), known)
    if (sign !== null) found.push({ file, sign: `status/${file} ${sign}` })
  }
  return found
}

interface Mirror {
  readonly uid: string
  readonly generation: number
  readonly phase: string
}

/** Our own files, written by one function: a few lines of them are enough, and 10,000 of them are read in a moment. */
function readMirror(path: string): Mirror | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  const uid = /^ {2}uid: (\S+)$/m.exec(text)?.[1]
  const generation = /^ {2}generation: (\d+)$/m.exec(text)?.[1]
  const phase = /^ {2}phase: (\w+)$/m.exec(text.slice(text.indexOf('\nstatus:')))?.[1]
  if (uid === undefined || generation === undefined || phase === undefined) return null
  return { uid, generation: Number(generation), phase }
}

/** Before an end a mirror may be behind the store in any phase; an end is where nothing comes after. */
function signOf(mirror: Mirror | null, known: ReadonlyMap<string, StoredRequest>): string | null {
  if (mirror === null) return null
  const { uid, generation, phase } = mirror
  const stored = known.get(uid)
  if (stored === undefined) return `tells of a request that the state store does not know (${phase})`
  if (generation > stored.generation) return `tells of a later edit than the state store knows`
  if (generation < stored.generation || !isTerminal(phase as Phase) || stored.phase === phase) return null
  return `says ${phase}, and the state store says ${stored.phase}`
}

function marksAhead({ reader, backups }: LineageQuestion): readonly string[] {
  const lineage = reader.meta(LINEAGE_KEY)
  if (lineage === undefined) return []
  return [...new Set(backups)].flatMap((folder) => {
    const [, number = '', uid = '', phase = ''] = MARK.exec(readMark(markPath(folder, lineage)) ?? '') ?? []
    if (number === '') return []
    const id = Number(number)
    const [found] = reader.transitionsAfter(id - 1)
    if (found?.id === id && found.uid === uid && found.to === phase) return []
    return [
      `${markPath(folder, lineage)} tells of a restore that came to ${phase} and that the state store does not know of`,
    ]
  })
}

/** null where it is not there, or its directory cannot be read: then nothing speaks against the store. */
function readMark(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null
  }
}
