import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { stringify } from 'yaml'

import type { Change } from '../../src/store/change.ts'
import { until } from './until.ts'
import { manifestYaml, Workplace } from './workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
  place.request('inc-1')
})
afterEach(() => {
  place.close()
})

const TO_THE_SWAP = [
  'Preflight',
  'SafetyBackup',
  'VerifyingChecksum',
  'VerifyingBackup',
  'Quiescing',
  'Swapping',
] as const

function ends(phase: NonNullable<Change['to']>): Partial<Change> {
  const status = phase === 'Succeeded' ? 'True' : 'False'
  return {
    status: { reason: phase, message: `it is ${phase}` },
    conditions: [{ type: 'Succeeded', status, reason: phase, message: `it is ${phase}` }],
  }
}

describe('wait', () => {
  it('ends with 0 when the request has succeeded, and says so on stdout', async () => {
    place.walk('inc-1', [...TO_THE_SWAP, 'VerifyingRestored', 'Resuming', 'Succeeded'], ends('Succeeded'))
    assert.deepEqual(await place.run(['wait', 'inc-1']), { code: 0, stdout: 'inc-1: Succeeded\n', stderr: '' })
  })

  it('never ends with 0 for one that did not succeed', async () => {
    for (const [phases, code] of [
      [['Rejected'], 7],
      [['Cancelled'], 12],
      [['Expired'], 12],
      [['Preflight', 'Failed'], 7],
      [[...TO_THE_SWAP, 'RollingBack', 'RolledBack'], 10],
      [[...TO_THE_SWAP, 'RollingBack', 'RollbackFailed'], 11],
    ] as const) {
      const last = phases.at(-1)!
      const name = `inc-${last.toLowerCase()}`
      place.request(name)
      place.walk(name, phases, ends(last))
      const plain = await place.run(['wait', name])
      assert.deepEqual([last, plain.code, plain.stdout], [last, code, ''])
      assert.match(plain.stderr, new RegExp(`error: it is ${last}`))
      assert.equal((await place.run(['wait', name, '--for=terminal'])).code, code)
    }
  })

  it('ends with 0 for another end that was asked for by name', async () => {
    place.walk('inc-1', ['Preflight', 'Failed'], ends('Failed'))
    assert.equal((await place.run(['wait', 'inc-1', '--for=phase=Failed'])).code, 0)
    assert.equal((await place.run(['wait', 'inc-1', '--for=condition=Succeeded=False'])).code, 0)
    assert.equal((await place.run(['wait', 'inc-1', '--for=phase=Preflight'])).code, 0)
    assert.equal((await place.run(['wait', 'inc-1', '--for=condition=Swapped'])).code, 7)
  })

  it('ends with 1 when a request has succeeded without what was waited for', async () => {
    place.walk('inc-1', ['Preflight', 'Succeeded'], ends('Succeeded'))
    const { code, stderr } = await place.run(['wait', 'inc-1', '--for=phase=Failed'])
    assert.equal(code, 1)
    assert.match(stderr, /what was waited for will not come/)
  })

  it('sees what happens while it waits', async () => {
    const waiting = place.run(['wait', 'inc-1', '--timeout', '30s'])
    place.walk('inc-1', ['Preflight', 'Succeeded'], ends('Succeeded'))
    assert.equal((await waiting).code, 0)
  })

  it('waits for a request that is not there yet', async () => {
    const waiting = place.run(['wait', 'inc-2', '--timeout', '30s'])
    setTimeout(() => {
      place.request('inc-2')
      place.walk('inc-2', ['Cancelled'], ends('Cancelled'))
    }, 300)
    assert.equal((await waiting).code, 12)
  })

  it('ends with 3 when the time is up, and tells why the request waits', async () => {
    place.store.commit('inc-1', {
      from: 'Pending',
      reason: 'ApprovalRequired',
      message: '',
      status: { reason: 'ApprovalRequired', message: '0 of 1 approvals given', hint: 'modosu approve inc-1' },
    })
    const { code, stdout, stderr } = await place.run(['wait', 'inc-1', '--timeout', '300ms'])
    assert.deepEqual([code, stdout], [3, ''])
    assert.equal(
      stderr,
      'waiting: ApprovalRequired: 0 of 1 approvals given\nhint: modosu approve inc-1\nerror: timed out: inc-1 is in phase Pending; it goes on\n',
    )
  })

  it('ends with 6 when a request could not begin for the rate limit, and tells until when', async () => {
    place.store.commit('inc-1', {
      from: 'Pending',
      reason: 'RateLimited',
      message: '',
      status: { reason: 'RateLimited', message: '3 restores were made', nextAttemptTime: '2026-02-15T16:00:00.000Z' },
    })
    const { code, stderr } = await place.run(['wait', 'inc-1', '--timeout', '300ms'])
    assert.equal(code, 6)
    assert.match(stderr, /^waiting: RateLimited: 3 restores were made \(until 2026-02-15T16:00:00\.000Z\)$/m)
  })

  it('shows the five steps and the outcome with --progress', async () => {
    place.walk('inc-1', [...TO_THE_SWAP, 'VerifyingRestored', 'Resuming', 'Succeeded'], ends('Succeeded'))
    const { stdout } = await place.run(['wait', 'inc-1', '--progress'])
    const lines = stdout.split('\n')
    assert.equal(lines[0], 'リストア実行中...')
    assert.equal(lines.filter((line) => line.endsWith('完了')).length, 5)
    assert.ok(lines.includes('リストアが完了しました'))
  })

  it('detaches on Ctrl-C: the request goes on, and the code is not 0 (spawned)', async () => {
    place.walk('inc-1', ['Preflight', 'SafetyBackup', 'VerifyingChecksum'])
    const { child, result } = place.spawn(['wait', 'inc-1', '--progress'], { variables: { MODOSU_LANG: 'en' } })
    let seen = ''
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
    })
    await until(() => seen.includes('[1/5]'))
    child.kill('SIGINT')
    const { code, stderr } = await result
    assert.equal(code, 3)
    assert.match(stderr, /^inc-1 goes on \(phase VerifyingChecksum\); look: modosu describe request inc-1$/m)
    assert.equal(place.store.request('inc-1')?.cancelRequested, null)
  })

  it('mentions the files that the spool refused when the request never appears', async () => {
    const rejected = join(place.stateDir, 'status', '_rejected')
    mkdirSync(rejected, { recursive: true })
    const problem = { line: 3, column: 1, path: '', message: 'no YAML', hint: 'mend it' }
    writeFileSync(join(rejected, 'inc-9.yaml'), stringify({ file: 'inc-9.yaml', problems: [problem] }))
    const { code, stdout, stderr } = await place.run(['wait', 'inc-9'])
    assert.deepEqual([code, stdout], [7, ''])
    assert.match(stderr, /^error: the spool refused inc-9\.yaml, the file of inc-9: line 3: no YAML$/m)
    assert.match(stderr, /^phase: Rejected, reason: Unreadable$/m)
    assert.ok(stderr.includes(`modosu validate -f ${join(place.root, 'spool', 'inc-9.yaml')}`), stderr)
  })

  it('says at once that it waits for a name that nobody knows, and soon gives up', async () => {
    const startMs = performance.now()
    const { code, stdout, stderr } = await place.run(['wait', 'inc-7'])
    assert.deepEqual([code, stdout], [5, ''])
    assert.match(stderr, /^waiting: there is no request inc-7 yet\nerror: restore request not found: inc-7$/m)
    assert.ok(performance.now() - startMs < 60_000)
    const patient = await place.run(['wait', 'inc-7', '--for=create', '--timeout', '4s'])
    assert.equal(patient.code, 5)
  })

  it('waits for a request whose file lies in the spool, whatever the file is called', async () => {
    const file = join(place.root, 'spool', 'friday.yaml')
    writeFileSync(file, manifestYaml('inc-8'))
    const waiting = place.run(['wait', 'inc-8', '--for=create'])
    setTimeout(() => {
      place.request('inc-8')
    }, 5000)
    assert.equal((await waiting).code, 0)
  })

  it('prints each event with --verbose (R49)', async () => {
    place.walk('inc-1', ['Cancelled'], {
      ...ends('Cancelled'),
      events: [{ type: 'Normal', reason: 'Cancelled', message: 'called off' }],
    })
    const { stderr } = await place.run(['wait', 'inc-1', '-v'])
    assert.match(stderr, /^\S+Z Normal Received: from file inc-1\.yaml\n\S+Z Normal Cancelled: called off$/m)
  })
})
