/** Races against another user's process that swaps names in a directory of its own (swapper.ts), and what must come out unharmed. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

import { check } from '../../src/database/check.ts'
import { partialPath } from '../../src/database/partial.ts'
import { lockPath, sideFiles } from '../../src/database/place.ts'
import { quiesce } from '../../src/database/quiesce.ts'
import { rawCopy } from '../../src/database/raw-copy.ts'
import { safetyCopy } from '../../src/database/safety-copy.ts'
import { stage } from '../../src/database/stage.ts'
import { acquireFileLock } from '../../src/sandbox/file-lock.ts'
import { database, filled, WAL, world } from './world.ts'

export const OTHER = 54_321
export const needsRoot = { skip: process.getuid?.() !== 0 && 'a second user takes root', timeout: 600_000 }

const { session } = world('swapped-names')
const top = realpathSync(mkdtempSync(join(tmpdir(), 'modosu-swapped-')))
chmodSync(top, 0o755)
after(() => {
  rmSync(top, { recursive: true, force: true })
})

/** A directory of another user's with a live database and a backup set beside it, both theirs. */
export function theirPlace(name: string): string {
  const home = join(top, name)
  mkdirSync(home)
  database(join(home, 'app.db'), filled('items', 50))
  database(join(home, 'b.db'), filled('items', 20))
  for (const file of ['app.db', 'b.db']) {
    chownSync(join(home, file), OTHER, OTHER)
    chmodSync(join(home, file), 0o644)
  }
  chownSync(home, OTHER, OTHER)
  return home
}

/** Files of root's, each of another kind: what nobody but root may change. */
export async function roots(name: string): Promise<{ folder: string; victims: string[] }> {
  const folder = join(top, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'program'), '#!/bin/sh\n')
  chmodSync(join(folder, 'program'), 0o755)
  writeFileSync(join(folder, 'empty'), '')
  database(join(folder, 'plain.db'), filled('secrets', 30))
  await session({ path: join(folder, 'wal.db'), statements: [WAL, filled('secrets', 30)], then: 'crash' })
  const victims = ['program', 'empty', 'plain.db', 'wal.db', 'not-there'].map((file) => join(folder, file))
  return { folder, victims }
}

export function portrait(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name)
      const { mode, uid, gid, nlink, mtimeNs } = lstatSync(path, { bigint: true })
      return [name, mode.toString(8), uid, gid, nlink, mtimeNs, readFileSync(path).toString('base64')].join(' ')
    })
}

/** Does it again and again while the other user swaps the names: nothing of root's may change. */
export async function race({ title, names, act }: Race, rounds: number): Promise<void> {
  const home = theirPlace(title)
  const { folder, victims } = await roots(`${title}, root`)
  const before = portrait(folder)
  const swapper = fileURLToPath(new URL('./swapper.js', import.meta.url))
  const child = spawn(process.execPath, [swapper, JSON.stringify({ names: names(home), victims })], {
    uid: OTHER,
    gid: OTHER,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(child.stdout, 'data')
    for (let round = 0; round < rounds; round += 1) {
      await Promise.resolve()
        .then(() => act(home))
        .catch(() => undefined)
      assert.deepEqual(portrait(folder), before, `after round ${round}`)
    }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

export function setOf(home: string): Parameters<typeof stage>[0] {
  const staged = join(home, 'app.db.modosu-r.new')
  const wanted = {
    expectedDb: null,
    expectedWal: null,
    others: [],
    attributesOf: join(home, 'app.db'),
    ownership: null,
  }
  return { db: join(home, 'b.db'), wal: null, staged, ...wanted }
}

/** What each does with the names that are swapped meanwhile. It may fail. */
interface Race {
  readonly title: string
  readonly names: (home: string) => string[]
  readonly act: (home: string) => Promise<unknown>
}

const safetyOf = (home: string): string => join(home, 'restore_safety_20260215150530.db')
const liveOf = (home: string): string => join(home, 'app.db')

export const RACES: readonly Race[] = [
  {
    title: 'staging and checking',
    names: (home) => [setOf(home).staged, `${setOf(home).staged}-wal`, setOf(home).staged],
    act: async (home) => {
      const request = setOf(home)
      await stage(request).catch(() => undefined)
      await check({ path: request.staged, foreignKeys: false, absorb: true, seal: true })
    },
  },
  {
    title: 'the safety backup',
    names: (home) => {
      const [to, partial] = [safetyOf(home), partialPath(safetyOf(home))]
      return [partial, to, `${partial}-journal`, partial]
    },
    act: async (home) => {
      rmSync(safetyOf(home), { force: true })
      await safetyCopy({ database: liveOf(home), to: safetyOf(home) })
    },
  },
  {
    title: 'byte copies of a wrecked database',
    names: (home) => [partialPath(safetyOf(home)), safetyOf(home), `${partialPath(safetyOf(home))}-wal`],
    act: async (home) => {
      const to = safetyOf(home)
      for (const file of [to, ...sideFiles(to)]) rmSync(file, { force: true })
      const suffixes = ['', '-wal']
      const files = suffixes.map((suffix) => ({ from: `${liveOf(home)}${suffix}`, to: `${to}${suffix}` }))
      await rawCopy({ files })
    },
  },
  {
    title: 'the lock of a target',
    names: (home) => [lockPath(liveOf(home))],
    act: (home) => {
      acquireFileLock(lockPath(liveOf(home)))?.release({ remove: true })
      return Promise.resolve()
    },
  },
  {
    title: 'a look at the live database, and its checkpoint',
    names: (home) => [liveOf(home), ...sideFiles(liveOf(home)), liveOf(home)],
    act: async (home) => {
      await quiesce({ database: liveOf(home) }).catch(() => undefined)
      await check({ path: liveOf(home), foreignKeys: false, absorb: false, seal: false })
    },
  },
]
