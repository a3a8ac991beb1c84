import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { openDoor, type Door } from '../api/door.ts'
import { fillTemplate, parsePath, parseTemplate, valuesAt } from '../../src/manifest/json-path.ts'
import { insteadOf } from '../../src/cli/instead.ts'
import { fieldSelector, labelSelector } from '../../src/manifest/selectors.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { manifest, manifestYaml, Workplace } from './workplace.ts'

let place: Workplace
let door: Door

before(async () => {
  place = new Workplace()
  place.live()
  place.backup('daily', '20260215_020015')
  for (const [name, labels] of [
    ['inc-1', { team: 'db' }],
    ['inc-2', { team: 'web' }],
    ['inc-3', {}],
  ] as const) {
    place.store.create({
      manifest: { ...manifest(name), metadata: { name, labels, annotations: {} } },
      specHash: name,
      origin: { kind: 'Spool', file: `${name}.yaml` },
      held: false,
      events: [],
    })
  }
  for (const name of ['inc-1', 'inc-2']) {
    place.walk(name, ['Preflight', 'Failed'], {
      status: { reason: 'DiskFull', message: 'full', escalation: { level: 'L1', acknowledged: false } },
    })
  }
  door = await openDoor(place)
})
after(async () => {
  await door.close()
  place.close()
})

async function lines(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await place.run(words)
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
  return stdout.split('\n').filter((line) => line !== '')
}

const usage = (error: unknown): boolean => error instanceof RestoreError && error.reason === 'UsageError'

describe('get, as kubectl’s fingers type it', () => {
  it('takes several names, several types, TYPE/NAME, short names and all', async () => {
    assert.equal((await lines('get', 'rr', 'inc-1', 'inc-3')).length, 3)
    assert.deepEqual(await lines('get', 'rr/inc-1', 'target/shop', '-o', 'name'), [
      'restorerequest.modosu.dev/inc-1',
      'target/shop',
    ])
    assert.deepEqual(await lines('get', 'restorerequest.modosu.dev/inc-1', '-o', 'name'), [
      'restorerequest.modosu.dev/inc-1',
    ])
    assert.ok((await lines('get', 'tg,bk', '-o', 'name')).some((line) => line.startsWith('backup/')))
    const all = await lines('get', 'all')
    for (const word of ['DATABASE', 'PHASE', 'RESTORABLE'])
      assert.ok(
        all.some((line) => line.includes(word)),
        word,
      )
  })

  it('prints what is there, says what is not, and ends with 5', async () => {
    const { code, stdout, stderr } = await place.run(['get', 'rr', 'inc-1', 'inc-9', '-o', 'name'])
    assert.deepEqual([code, stdout], [5, 'restorerequest.modosu.dev/inc-1\n'])
    assert.match(stderr, /restore request not found: inc-9/)
  })

  it('picks by label and by field, sorts, and leaves the header out', async () => {
    assert.deepEqual(await lines('get', 'rr', '-l', 'team=db', '-o', 'name'), ['restorerequest.modosu.dev/inc-1'])
    assert.equal((await lines('get', 'rr', '-l', '!team', '--no-headers')).length, 1)
    const failed = ['get', 'rr', '--field-selector', 'status.phase=Failed,metadata.name!=inc-1', '-o', 'name']
    assert.deepEqual(await lines(...failed), ['restorerequest.modosu.dev/inc-2'])
    const sorted = await lines('get', 'rr', '--sort-by', '.metadata.labels.team', '-o', 'name')
    assert.deepEqual(
      sorted.map((line) => line.at(-1)),
      ['3', '1', '2'],
    )
  })

  it('prints one field of each, by jsonpath and by columns', async () => {
    assert.deepEqual(await lines('get', 'rr', '-o', 'jsonpath={.items[*].metadata.name}'), ['inc-1 inc-2 inc-3'])
    assert.deepEqual(await lines('get', 'rr/inc-1', '-o', 'jsonpath={.status.phase}'), ['Failed'])
    const columns = 'custom-columns=NAME:.metadata.name,TEAM:.metadata.labels.team'
    assert.deepEqual(await lines('get', 'rr', '-o', columns), [
      'NAME    TEAM',
      'inc-1   db',
      'inc-2   web',
      'inc-3   <none>',
    ])
    assert.equal((await lines('get', 'rr', '-o', columns, '--no-headers')).length, 3)
  })

  it('meets a wrong type, target or format with what was probably meant', async () => {
    for (const [words, near] of [
      [['get', 'reqests'], /did you mean requests\?/],
      [['get', 'targets', 'shpo'], /did you mean shop\?/],
      [['get', 'rr', '-o', 'jsn'], /Did you mean json\?/],
      [['get', 'rr', '-o', 'jsonpath={.a..b}'], /jq/],
    ] as const) {
      const { code, stderr } = await place.run(words)
      assert.ok(code === 2 || code === 5, `${words.join(' ')}: ${code}`)
      assert.match(stderr, near)
    }
    assert.match((await place.run(['get', '--help'])).stdout.replaceAll(/\s+/g, ' '), /requests \(rr\).*safety \(sb\)/)
  })
})

describe('commands on several requests', () => {
  it('acknowledge by label, and all that is left', async () => {
    assert.deepEqual(await lines('ack', '-l', 'team in (db)'), ['restorerequest.modosu.dev/inc-1 acknowledged'])
    assert.deepEqual(await lines('ack', '--all'), ['restorerequest.modosu.dev/inc-2 acknowledged'])
    const none = await place.run(['ack', '--all'])
    assert.deepEqual([none.code, none.stdout, none.stderr], [0, '', 'no requests found\n'])
    assert.equal((await place.run(['ack'])).code, 2)
    assert.equal((await place.run(['ack', 'inc-1', '--all'])).code, 2)
  })

  it('describe several, by kind or as KIND/NAME', async () => {
    assert.equal((await lines('describe', 'request', 'inc-1', 'inc-2')).filter((line) => /^Name:/.test(line)).length, 2)
    assert.equal((await lines('describe', 'rr/inc-1', 'tg/shop')).filter((line) => /^Name:/.test(line)).length, 2)
    assert.equal((await place.run(['describe', 'request'])).code, 2)
  })

  it('delete cancels what has not ended, and has the rest leave the lists', async () => {
    const running = await place.run(['delete', 'inc-3', '--ended'])
    assert.deepEqual([running.code, /has not ended/.test(running.stderr)], [7, true])
    assert.deepEqual(await lines('delete', 'inc-1'), ['restorerequest.modosu.dev/inc-1 forgotten'])
    assert.equal((await lines('get', 'requests', '-o', 'name')).includes('restorerequest.modosu.dev/inc-1'), false)
    assert.match((await lines('describe', 'request', 'inc-1')).join('\n'), /^Forgotten: +\S+Z$/m)
    const again = await place.run(['delete', 'inc-1'])
    assert.deepEqual([again.code, /it was forgotten at/.test(again.stderr)], [5, true], again.stderr)
    assert.deepEqual(await lines('delete', 'rr/inc-3'), ['restorerequest.modosu.dev/inc-3 cancellation requested'])
    assert.deepEqual(await lines('delete', '-l', 'team', '--ended'), ['restorerequest.modosu.dev/inc-2 forgotten'])
  })

  it('apply a file, a directory and the standard input', async () => {
    const folder = join(place.root, 'requests')
    mkdirSync(folder)
    for (const name of ['a-1', 'a-2']) writeFileSync(join(folder, `${name}.yaml`), manifestYaml(name))
    writeFileSync(join(folder, 'README.md'), 'no request')
    assert.deepEqual(await lines('apply', '-f', folder), [
      'restorerequest.modosu.dev/a-1 created',
      'restorerequest.modosu.dev/a-2 created',
    ])
    const piped = await place.run(['apply', '-f', '-'], { stdin: manifestYaml('a-1') })
    assert.deepEqual([piped.code, piped.stdout], [0, 'restorerequest.modosu.dev/a-1 unchanged\n'])
  })
})

describe('logs', () => {
  it('are the lines about the request, from a file or a pipe', async () => {
    const log = join(place.root, 'daemon.log')
    const line = (request: string, msg: string): string =>
      JSON.stringify({ level: 'info', time: '2026-02-15T15:05:30Z', msg, request, phase: 'Swapping' })
    writeFileSync(log, ['no JSON', line('inc-1', 'begun'), line('inc-2', 'other'), line('inc-1', 'ended')].join('\n'))
    assert.deepEqual(await lines('logs', 'rr/inc-1', '--file', log), [
      '2026-02-15T15:05:30Z info begun phase=Swapping',
      '2026-02-15T15:05:30Z info ended phase=Swapping',
    ])
    const piped = await place.run(['logs', 'inc-2', '--file', '-', '-o', 'json'], { stdin: line('inc-2', 'x') })
    assert.deepEqual([piped.code, piped.stdout], [0, `${line('inc-2', 'x')}\n`])
    const missing = await place.run(['logs', 'inc-1', '--file', join(place.root, 'nothing')])
    assert.equal(missing.code, 2)
    assert.match(missing.stderr, /modosu events --for inc-1/)
  })
})

it('a word of kubectl that is no command is met with what to type instead', async () => {
  for (const word of ['edit', 'exec', 'scale', 'create', 'rollout', 'ls']) {
    const { code, stdout, stderr } = await place.run([word, 'inc-1'])
    assert.deepEqual([code, stdout], [2, ''], word)
    assert.match(stderr, new RegExp(`^error: modosu has no command ${word}\nhint: .+`), word)
  }
  assert.equal(insteadOf('frobnicate'), undefined)
})

describe('a label selector', () => {
  it('means what kubectl means by it', () => {
    const object = (labels: Record<string, string>) => ({ metadata: { labels } })
    for (const [text, labels, meant] of [
      ['a=1', { a: '1' }, true],
      ['a==1', { a: '2' }, false],
      ['a!=1', {}, true],
      ['a in (1, 2),b', { a: '2', b: '' }, true],
      ['a in (1,2)', {}, false],
      ['a notin (1)', {}, true],
      ['a notin (1)', { a: '1' }, false],
      ['!a', { a: '' }, false],
      ['modosu.dev/x=y', { 'modosu.dev/x': 'y' }, true],
    ] as const) {
      assert.equal(labelSelector(text)(object(labels)), meant, text)
    }
    assert.equal(labelSelector('a')({}), false)
    for (const text of ['', 'a=1,', 'a in 1', 'a>1', '=1']) assert.throws(() => labelSelector(text), usage, text)
    assert.throws(() => fieldSelector('status.phase'), usage)
  })
})

describe('jsonpath', () => {
  const object = {
    items: [
      { name: 'a', n: 1, labels: { 'x.y/z': 'q' } },
      { name: 'b', n: 2 },
      { name: 'c', n: 3 },
    ],
  }
  it('speaks kubectl’s dialect', () => {
    for (const [template, text] of [
      ['{.items[*].name}', 'a b c'],
      ['.items[0].name', 'a'],
      ['{.items[-1].name}', 'c'],
      ['{.items[0:2].name}', 'a b'],
      ["{.items[0].labels['x.y/z']}", 'q'],
      ['{.items[0].labels.x\\.y/z}', 'q'],
      ['{range .items[*]}{.name}={.n}{"\\n"}{end}', 'a=1\nb=2\nc=3\n'],
      ['{.items[?(@.n>1)].name}', 'b c'],
      ['{.items[?(@.name=="b")].n}', '2'],
      ['{$.items[1]}', '{"name":"b","n":2}'],
      ['{.nothing.there}', ''],
      ['name: {.items[0].name}', 'name: a'],
    ] as const) {
      assert.equal(fillTemplate(parseTemplate(template), object), text, template)
    }
    assert.deepEqual(valuesAt(object, parsePath('{.items[1].n}')), [2])
  })

  it('refuses what it does not know, and never guesses', () => {
    for (const template of [
      '{..name}',
      '{.items[',
      '{.a',
      '{range .items[*]}{.name}',
      '{end}',
      '{.items[?(@.n)&&1]}',
      '{.items[(@.length-1)]}',
    ]) {
      assert.throws(() => parseTemplate(template), usage, template)
    }
  })
})
