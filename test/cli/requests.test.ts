import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { parse } from 'yaml'

import { until } from './until.ts'
import { Workplace } from './workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})
afterEach(() => {
  place.close()
})

/** Two requests with a past: one that ended badly, one that waits. The ages are those of the real clock. */
function twoRequests(): void {
  place.nowMs = Date.now() - 65_000
  place.request('inc-1', { requestedBy: 'ops-oncall' })
  place.walk('inc-1', ['Preflight', 'Failed'], {
    reason: 'InsufficientSpace',
    message: 'not enough space',
    status: { reason: 'InsufficientSpace', message: 'not enough space', hint: 'modosu prune' },
    conditions: [{ type: 'Succeeded', status: 'False', reason: 'InsufficientSpace', message: 'not enough space' }],
    checks: [{ name: 'file_exists', result: 'pass', message: 'there', at: place.now(), durationMs: 3 }],
    events: [{ type: 'Warning', reason: 'InsufficientSpace', message: 'not enough\nspace \u001b[31m' }],
    audit: [
      {
        operation: 'restore',
        actor: 'ops-oncall',
        status: 'failure',
        message: 'Failed: not enough space',
        backupId: 'BKP-20260215-020015-daily',
        details: {},
      },
    ],
  })
  place.request('inc-2', { source: { latest: { types: ['daily'] } }, mode: 'Drill' })
}

describe('get requests', () => {
  it('prints a table like kubectl’s, on stdout alone', async () => {
    twoRequests()
    const { code, stdout, stderr } = await place.run(['get', 'requests'])
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.equal(
      stdout.replaceAll(/\d+s$/gm, '60s'),
      [
        'NAME    TARGET   PHASE     REASON              SOURCE                      AGE',
        'inc-1   shop     Failed    InsufficientSpace   BKP-20260215-020015-daily   60s',
        'inc-2   shop     Pending   <none>              latest(daily)               60s',
        '',
      ].join('\n'),
    )
  })

  it('prints objects as JSON and YAML, one or a list', async () => {
    twoRequests()
    const list = JSON.parse((await place.run(['get', 'rr', '-o', 'json'])).stdout) as {
      kind: string
      items: { metadata: { name: string }; status: { phase: string } }[]
    }
    assert.equal(list.kind, 'RestoreRequestList')
    assert.deepEqual(
      list.items.map(({ metadata, status }) => [metadata.name, status.phase]),
      [
        ['inc-1', 'Failed'],
        ['inc-2', 'Pending'],
      ],
    )
    const one = parse((await place.run(['get', 'request', 'inc-2', '-o', 'yaml'])).stdout) as Record<string, unknown>
    assert.equal(one['kind'], 'RestoreRequest')
    assert.deepEqual(one, JSON.parse((await place.run(['get', 'request', 'inc-2', '-o', 'json'])).stdout))
  })

  it('prints names that every command takes back', async () => {
    twoRequests()
    const { stdout } = await place.run(['get', 'requests', '-o', 'name'])
    assert.equal(stdout, 'restorerequest.modosu.dev/inc-1\nrestorerequest.modosu.dev/inc-2\n')
    assert.equal((await place.run(['describe', 'request', stdout.split('\n')[0]!])).code, 0)
  })

  it('shows only those of a target, in a phase, or the newest', async () => {
    twoRequests()
    const names = async (...words: string[]): Promise<string> =>
      (await place.run(['get', 'requests', '-o', 'name', ...words])).stdout.replaceAll(/.*\//g, '').trim()
    assert.equal(await names('--phase', 'Failed'), 'inc-1')
    assert.equal(await names('--limit', '1'), 'inc-2')
    assert.equal(await names('--target', 'other'), '')
  })

  it('says on stderr that there is none', async () => {
    assert.equal(place.store.requests().length, 0)
    assert.deepEqual(await place.run(['get', 'requests']), { code: 0, stdout: '', stderr: 'no requests found\n' })
  })

  it('ends with 5 where the name is not known, and names the nearest', async () => {
    twoRequests()
    const { code, stdout, stderr } = await place.run(['get', 'request', 'inc-11'])
    assert.equal(code, 5)
    assert.equal(stdout, '')
    assert.equal(
      stderr,
      'error: restore request not found: inc-11\nhint: did you mean inc-1? list them: modosu get requests ' +
        '(those for other nodes, by spec.nodeName or spec.nodeSelector, are not here)\n',
    )
  })
})

describe('a watch', () => {
  it('prints what is there, then what changes, until it is ended', async () => {
    place.request('inc-1')
    const { child, result } = place.spawn(['get', 'requests', '-w'])
    let seen = ''
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString()
    })
    await until(() => seen.includes('inc-1'))
    place.request('inc-2')
    await until(() => seen.includes('inc-2'))
    child.kill('SIGINT')
    await result
    assert.equal(seen.match(/NAME/g)?.length, 1)
    assert.equal(seen.match(/inc-1/g)?.length, 1)
  })

  it('ends quietly when nobody reads any more', async () => {
    place.request('inc-1')
    const { child, result } = place.spawn(['get', 'requests', '-w', '-o', 'json'])
    const read = result.catch(() => 'its output was not read to the end')
    child.stdout.once('data', () => {
      child.stdout.destroy()
      place.request('inc-2')
    })
    child.stdout.on('error', () => undefined)
    const code = await new Promise((resolve) => child.once('exit', resolve))
    assert.equal(code, 0)
    await read
  })
})

describe('describe request', () => {
  it('tells the whole story and what to do next', async () => {
    twoRequests()
    const { code, stdout } = await place.run(['describe', 'request', 'inc-1'])
    assert.equal(code, 0)
    for (const line of [
      /^Phase: +Failed$/m,
      /^Reason: +InsufficientSpace$/m,
      /^Hint: +modosu prune$/m,
      /^ {2}Source: +BKP-20260215-020015-daily$/m,
      /^ {2}file_exists +pass +3ms +there$/m,
      /^ {2}Succeeded +False +InsufficientSpace /m,
      /^ {2}Preflight +\S+Z +Preflight +now Preflight$/m,
      /^ {2}Warning +InsufficientSpace +\S+ +not enough space \\u\{1b\}\[31m$/m,
      /^ {2}modosu explain InsufficientSpace /m,
    ]) {
      assert.match(stdout, line)
    }
  })
})

describe('events and audit', () => {
  it('are listed oldest first, and narrowed to a request', async () => {
    twoRequests()
    const events = (await place.run(['events'])).stdout.split('\n')
    assert.match(events[0]!, /^LAST SEEN +TYPE +REASON +REQUEST +MESSAGE$/)
    assert.deepEqual(
      events.slice(1, 4).map((line) => line.split(/ {2,}/)[3]),
      ['inc-1', 'inc-1', 'inc-2'],
    )
    assert.equal((await place.run(['events', '--for', 'inc-2', '-o', 'name'])).stdout.split('\n').length, 2)
    const audit = await place.run(['get', 'audit'])
    assert.match(audit.stdout, /^1 +\S+Z +restore +ops-oncall +shop +inc-1 +failure +Failed: not enough space$/m)
    const records = JSON.parse((await place.run(['get', 'audit', '-o', 'json'])).stdout) as {
      items: { hash: string }[]
    }
    assert.match(records.items[0]!.hash, /^[0-9a-f]{64}$/)
  })
})
