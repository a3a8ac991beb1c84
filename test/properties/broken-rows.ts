/**
 * The proof that the writers would notice: the program without one of its precautions must lose a row that somebody wrote
 * beside a restore, and the property must say so. Run by `npm run test:properties`.
 */

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { breakBuild } from '../support/broken-build.ts'
import { AcknowledgedWorld, type Interleaving } from './acknowledged.ts'
import { ROW_BREAKAGES } from './breakages.ts'

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

describe('a program without a precaution loses rows, and the property tells', { concurrency: 1 }, () => {
  for (const [breakage, patches] of Object.entries(ROW_BREAKAGES)) {
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
