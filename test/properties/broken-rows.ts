/**
 * The proof that the writers would notice: the program without one of its precautions must lose a row that somebody wrote
 * beside a restore, and the property must say so. Run by `npm run test:properties`.
 */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { breakBuild, type Patch } from '../support/broken-build.ts'
import { AcknowledgedWorld, type Interleaving } from './acknowledged.ts'

const ATTEMPTS = 100

/** One row, written at another instant of each restore: nothing before it makes the old database the safety backup anyway. */
function oneRow(attempt: number): Interleaving {
  const startAfterMs = (attempt * 37) % 1500
  return {
    journalMode: attempt % 2 === 0 ? 'WAL' : 'DELETE',
    ends: 'restore',
    writers: [{ keepsOpen: false, startAfterMs, periodMs: 60_000, busyTimeoutMs: 5000 }],
  }
}

const BREAKAGES: Readonly<Record<string, readonly Patch[]>> = {
  'what was committed after the safety backup does not count': [
    {
      file: 'controller/original.js',
      from: 'flaw !== null || late || work.changedSinceSafety === true',
      to: 'flaw !== null',
    },
  ],
  'nobody is kept out of the file that leaves, and nobody looks again': [
    {
      file: 'controller/exchange.js',
      from: 'return (await unlessItDiesTwice(() => deps.database.hold(path, { deadlineMs: QUICK_MS }))).pid;',
      to: 'return 1;',
    },
    { file: 'controller/exchange.js', from: 'quiet: unbroken &&', to: 'quiet: true ||' },
    { file: 'controller/exchange.js', from: 'if (holders.length > 0)', to: 'if (false)' },
    { file: 'controller/phases/swapping.js', from: 'changed ||= late;', to: '' },
    // The moment itself is short: a longer one makes it sure that somebody comes in it.
    {
      file: 'controller/phases/swapping.js',
      from: 'await removeSides(database, displaced);',
      to: 'await removeSides(database, displaced); await new Promise((go) => setTimeout(go, 300));',
    },
    { file: 'controller/original.js', from: 'late || work.changed', to: 'work.changed' },
  ],
}

describe('a program without a precaution loses rows, and the property tells', { concurrency: 1 }, () => {
  for (const [breakage, patches] of Object.entries(BREAKAGES)) {
    it(breakage, async (context) => {
      const build = breakBuild(patches)
      const world = new AcknowledgedWorld(build.main)
      try {
        await world.installation.start()
        const attempts = await attemptsUntilLoss(world)
        assert.ok(attempts <= ATTEMPTS, `${ATTEMPTS} restores beside a writer lost nothing`)
        context.diagnostic(`found by restore ${attempts}`)
      } finally {
        await world.remove()
        build.remove()
      }
    })
  }
})

async function attemptsUntilLoss(world: AcknowledgedWorld): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { lost } = await world.run(oneRow(attempt))
    if (lost.length > 0) return attempt
  }
  return ATTEMPTS + 1
}
