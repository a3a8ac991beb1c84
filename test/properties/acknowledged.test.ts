import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'

import { AcknowledgedWorld, interleavings, type Interleaving } from './acknowledged.ts'

/** A thousand and more in `npm run test:properties`. */
const RUNS = Number(process.env['MODOSU_ACKNOWLEDGED_RUNS'] ?? '0')
const SEED = process.env['MODOSU_PROPERTY_SEED']

/** A writer of each kind for whoever has no time. */
const SAMPLE: readonly Interleaving[] = [
  {
    journalMode: 'WAL',
    ends: 'restore',
    writers: [{ keepsOpen: false, startAfterMs: 0, periodMs: 60, busyTimeoutMs: 5000 }],
  },
  {
    journalMode: 'DELETE',
    ends: 'rollback',
    writers: [{ keepsOpen: false, startAfterMs: 0, periodMs: 60, busyTimeoutMs: 5000 }],
  },
  {
    journalMode: 'PERSIST',
    ends: 'undo',
    writers: [{ keepsOpen: false, startAfterMs: 0, periodMs: 60, busyTimeoutMs: 5000 }],
  },
]

describe('a row that SQLite has acknowledged', { timeout: 24 * 3_600_000 }, () => {
  const world = new AcknowledgedWorld()
  const phases: Record<string, number> = {}
  before(() => world.installation.start())
  after(async () => {
    await world.remove()
  })

  async function holds(interleaving: Interleaving): Promise<void> {
    const { phase, acknowledged, lost } = await world.run(interleaving)
    phases[phase] = (phases[phase] ?? 0) + 1
    const message = `${phase}: ${lost.length} of ${acknowledged} rows are in no file: ${lost.slice(0, 5).join(', ')}; ${JSON.stringify(interleaving)}`
    assert.deepEqual(lost, [], message)
    // A request that never began proves nothing.
    assert.notEqual(phase, 'Rejected')
  }

  for (const interleaving of RUNS > 0 ? [] : SAMPLE) {
    it(`is found again after a ${interleaving.ends} beside a writer in ${interleaving.journalMode} mode`, () =>
      holds(interleaving))
  }

  it('is found again whatever the writers do', { skip: RUNS === 0 }, async (context) => {
    await fc.assert(fc.asyncProperty(interleavings, holds), {
      numRuns: RUNS,
      endOnFailure: true,
      includeErrorInReport: true,
      ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    })
    context.diagnostic(JSON.stringify(phases))
    for (const phase of ['Succeeded', 'RolledBack', 'Failed']) {
      assert.ok((phases[phase] ?? 0) >= RUNS / 50, `too few ended ${phase}: ${JSON.stringify(phases)}`)
    }
  })
})
