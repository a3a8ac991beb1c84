/** The proof that the proofs would notice: builds without one of their precautions must be found out. */

import { breakBuild } from '../support/broken-build.ts'
import { BREAKAGES, type Breakage } from './breakages.ts'
import { recordAndCut } from './power.ts'
import { Rig } from './rig.ts'
import { strikeOnce } from './run.ts'

export interface SelfTest {
  readonly breakage: Breakage
  readonly by: 'power cuts' | 'a strike'
  /** What was found wrong with the broken build: none would mean that the proof is blind. */
  readonly found: number
  readonly example: string
}

const SIDES_AFTER: Breakage = 'the side files removed after the rename'
const UNSYNCED: Breakage = 'no sync of the staged file'

export async function testItself(say: (line: string) => void): Promise<SelfTest[]> {
  const results: SelfTest[] = []
  for (const breakage of Object.keys(BREAKAGES) as Breakage[]) results.push(await byPowerCuts(breakage))
  // A sync is only missed by a power cut: what a killed process wrote stays in the kernel.
  results.push(await byStrike(SIDES_AFTER))
  for (const { breakage, by, found, example } of results) {
    say(
      `broken on purpose, ${breakage}, ${by}: ${found === 0 ? 'BLIND' : `${found} failures found, such as: ${example}`}`,
    )
  }
  return results
}

async function byPowerCuts(breakage: Breakage): Promise<SelfTest> {
  return broken(breakage, 'power cuts', async (main) => {
    // Without a -wal in the backup, nothing but the program's own sync makes the staged file sure.
    const start = breakage === UNSYNCED ? 'delete' : 'wal'
    const { findings } = await recordAndCut(start, 'restore', { main, backupWal: breakage !== UNSYNCED })
    return findings
  })
}

/** Killed at the removal of the `-wal` that is still there after the rename. */
async function byStrike(breakage: Breakage): Promise<SelfTest> {
  return broken(breakage, 'a strike', async (main) => {
    const rig = new Rig('wal', 'restore', { main })
    const at = {
      operation: 'daemon',
      occurrence: 1,
      thread: 'pool',
      call: 'unlink',
      path: 'app/app.db-wal',
      nth: 1,
    } as const
    try {
      const { findings } = await strikeOnce(rig, { ...at, effect: 'kill' })
      return findings
    } finally {
      await rig.remove()
    }
  })
}

async function broken(
  breakage: Breakage,
  by: SelfTest['by'],
  look: (main: string) => Promise<readonly string[]>,
): Promise<SelfTest> {
  const build = breakBuild(BREAKAGES[breakage])
  try {
    const findings = await look(build.main)
    return { breakage, by, found: findings.length, example: findings[0] ?? '' }
  } finally {
    build.remove()
  }
}
