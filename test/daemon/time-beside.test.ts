import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { timeBeside } from '../../src/daemon/time-keeper.ts'

/** What a daemon has written a minute ago. */
function beside(bootId: string): ReturnType<typeof timeBeside> {
  const stateDir = mkdtempSync(join(tmpdir(), 'modosu-clock-'))
  try {
    const anchor = { bootId, uptimeMs: uptime() * 1000 - 60_000, timeMs: Date.now() - 60_000, doubt: null }
    writeFileSync(join(stateDir, 'clock.json'), JSON.stringify(anchor))
    return timeBeside(stateDir)
  } finally {
    rmSync(stateDir, { recursive: true })
  }
}

describe('the time of a command beside a daemon', () => {
  it('is the daemon’s, also where the daemon’s unit hides the id of the boot from it (ProcSubset=pid)', () => {
    const { shiftMs, doubt } = beside('unknown')
    assert.equal(doubt, null)
    assert.ok(Math.abs(shiftMs) < 1000, String(shiftMs))
  })
})
