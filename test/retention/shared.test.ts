import assert from 'node:assert/strict'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { holdEverything } from '../../src/controller/state-hold.ts'
import type { RestoreWork } from '../../src/domain/work.ts'
import { RULES } from './sets.ts'
import { Yard } from './yard.ts'

let yard: Yard

beforeEach(() => {
  yard = new Yard(RULES, ['staging'])
})
afterEach(() => {
  yard.close()
})

/** A restore of the target that took effect and made this safety backup. */
function restored(name: string, target: string, safety: string): void {
  const path = join(yard.backups, safety)
  const facts = { name: safety, path, sha256: 'ab', raw: false }
  const database = join(yard.root, 'live', `${target}.db`)
  const work: RestoreWork = { database, safety: { ...facts, fingerprint: null, racy: false } }
  yard.request(name, { target })
  yard.walk(name, ['Preflight', 'SafetyBackup', 'VerifyingChecksum', 'VerifyingBackup', 'Quiescing', 'Swapping'])
  yard.walk(name, ['VerifyingRestored', 'Resuming', 'Succeeded'], {
    work,
    safetyBackup: facts,
    status: { safetyBackup: facts, escalation: { level: 'L1', acknowledged: true } },
  })
}

describe('the safety backups of two targets in one directory', () => {
  it('stay while a request of the other target needs them, whichever target is pruned', async () => {
    const [needed, old, newest] = [yard.safety(20), yard.safety(21), yard.safety(1)]
    restored('inc-1', 'staging', needed)
    restored('inc-2', 'staging', yard.safety(2))
    restored('inc-3', 'app', old)
    restored('inc-4', 'app', newest)
    yard.request('back', { target: 'staging', source: { safetyBackup: { name: needed } }, suspend: true })
    const { deleted } = await yard.prune({ target: 'app' })
    assert.deepEqual(
      deleted.map(({ name, target }) => `${target} ${name}`),
      [`app ${old}`],
    )
    assert.ok(yard.has(needed))
  })

  it('are judged by their own target alone: the newest of each stays, though the other has newer ones', async () => {
    const [ofStaging, ofApp] = [yard.safety(30), yard.safety(1)]
    restored('inc-1', 'staging', ofStaging)
    restored('inc-2', 'app', ofApp)
    assert.deepEqual((await yard.prune()).deleted, [])
  })

  it('are nobody’s where nobody recorded them, and nobody deletes them', async () => {
    const stray = yard.safety(40)
    restored('inc-1', 'app', yard.safety(1))
    assert.deepEqual((await yard.prune()).deleted, [])
    assert.ok(yard.has(stray))
  })
})

describe('what the last restore of a target has replaced', () => {
  it('stays whatever its age, for modosu rollback puts it back, also where newer names lie there', async () => {
    const [predecessor, ahead] = [yard.safety(30), yard.safety(-3650)]
    restored('inc-1', 'app', ahead)
    restored('inc-2', 'app', predecessor)
    const { plan } = await yard.survey()
    const decision = plan.decisions.find(({ set }) => set.name === predecessor && set.target === 'app')
    assert.equal(decision?.act, 'keep')
    assert.match(decision.why, /^it is what the last restore of app \(inc-2\) replaced/)
  })
})

describe('a state store that is older than the world', () => {
  it('is no ground to delete anything on', async () => {
    yard.safety(30)
    restored('inc-1', 'app', yard.safety(40))
    restored('inc-2', 'app', yard.safety(1))
    holdEverything(yard.store, ['audit.heads is ahead'], yard.nowMs)
    await assert.rejects(yard.prune(), { reason: 'StateRolledBack' })
  })
})
