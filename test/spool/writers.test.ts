import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, renameSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'

import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { lookForWriters } from '../../src/spool/writers.ts'
import { FileWriter, HAS_PYTHON } from '../support/writer.ts'
import { request, SpoolWorkplace } from './workplace.ts'

const SETTLE_MS = 500
const LATER_MS = SETTLE_MS + 100
const MUCH_LATER_MS = 20 * LATER_MS

const parser = createManifestParser()
after(() => parser.close())

let place: SpoolWorkplace
let writer: FileWriter
beforeEach(() => {
  place = new SpoolWorkplace(parser)
  writer = new FileWriter()
})
afterEach(async () => {
  await writer.end()
  await place[Symbol.asyncDispose]()
})

/** A text that is a valid request wherever it is cut behind `confirm`, and another one each time. */
function text(name: string): string {
  return `${request(name)}  reason: half of a file\n  mode: Drill\n  suspend: true\n  notBefore: "2030-01-01T00:00:00Z"\n`
}

const seesAll = (await lookForWriters('/tmp', [])).complete
const needs = HAS_PYTHON ? {} : { skip: 'python3 writes the files of these tests' }
const needsSight = !HAS_PYTHON || !seesAll ? { skip: 'the processes of this machine cannot all be seen' } : {}

describe('a file that somebody is writing', needsSight, () => {
  it('is never read before it is closed, wherever its writer pauses and for however long', async () => {
    await place.spool.start()
    const whole = text('cut')
    const cuts = fc.sample(fc.uniqueArray(fc.nat(whole.length), { minLength: 1, maxLength: 2 }), 3)
    // Right behind the line that makes it a valid request that runs.
    for (const [number, chosen] of [[request('cut').length], ...cuts].entries()) {
      const name = `cut-${number}`
      const full = text(name)
      await writer.open(join(place.path, `${name}.yaml`), 'w')
      let from = 0
      for (const cut of [...chosen].sort((a, b) => a - b)) {
        await writer.write(full.slice(from, cut))
        from = cut
        await place.afterMs(MUCH_LATER_MS)
        assert.equal(place.intake.names.includes(name), false, `read when cut at ${cut}`)
        assert.deepEqual(place.reportNames(), [])
      }
      await writer.write(full.slice(from))
      await place.afterMs(MUCH_LATER_MS)
      assert.equal(place.intake.names.includes(name), false)
      await writer.close()
      await place.afterMs(0)
      assert.deepEqual(
        place.intake.applied.filter((each) => each.name === name).map(({ spec }) => [spec.mode, spec.suspend]),
        [['Drill', true]],
      )
    }
  })

  it('keeps what it held before, while it is rewritten in place', async () => {
    const path = join(place.path, 'a.yaml')
    const suspended = request('edited').replace('spec:', 'spec:\n  suspend: true')
    for (const flags of ['w', 'r+'] as const) {
      place.put('a.yaml', suspended)
      await (flags === 'w' ? place.spool.start() : place.afterMs(0))
      place.intake.clear()
      await writer.open(path, flags)
      await writer.write(request('edited'))
      await place.afterMs(MUCH_LATER_MS)
      assert.deepEqual(place.intake.names, [])
      assert.equal((await place.spool.confirm('edited')).ready, false)
      await writer.write(' '.repeat(suspended.length))
      await writer.close()
      await place.afterMs(MUCH_LATER_MS)
      assert.equal(place.intake.applied.at(-1)?.spec.suspend, false)
      assert.equal((await place.spool.confirm('edited')).ready, true)
    }
  })

  it('is not taken for closed while it is mapped into memory', async () => {
    const path = join(place.path, 'a.yaml')
    place.put('a.yaml', request('mapped').replace('BKP-20260215', 'BKP-20260101'))
    await writer.open(path, 'r+')
    await writer.map()
    await place.spool.start()
    await place.afterMs(MUCH_LATER_MS)
    assert.deepEqual(place.intake.names, [])
    await writer.store(request('mapped').indexOf('BKP-'), 'BKP-20260215')
    await writer.unmap()
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ backupId }) => backupId),
      ['BKP-20260215-020015-daily'],
    )
  })

  it('is not started from, though it was whole when it was read', async () => {
    place.put('a.yaml', request('whole'))
    await place.spool.start()
    assert.deepEqual(await place.spool.confirm('whole'), { ready: true })
    await writer.open(join(place.path, 'a.yaml'), 'a')
    const verdict = await place.spool.confirm('whole')
    assert.match(verdict.ready ? '' : verdict.message, /a\.yaml is open for writing by process \d+ \(.*python3 -c/)
    await writer.close()
    assert.deepEqual(await place.spool.confirm('whole'), { ready: true })
    place.put('a.yaml', 'spec: [')
    assert.equal((await place.spool.confirm('whole')).ready, false)
    place.remove('a.yaml')
    assert.equal((await place.spool.confirm('whole')).ready, false)
  })
})

describe('a file that is opened anew for each of its lines', () => {
  const path = () => join(place.path, 'a.yaml')

  /** Appends a text, and looks for what is read once it was quiet for as long as the settling takes. */
  async function append(text: string): Promise<void> {
    appendFileSync(path(), text)
    await place.afterMs(0)
    await place.afterMs(LATER_MS)
  }

  beforeEach(async () => {
    await place[Symbol.asyncDispose]()
    place = new SpoolWorkplace(parser, () => Promise.resolve({ writers: new Map(), complete: true }))
    // No file grows old but by what the test says.
    place.aheadMs = -3_600_000
    await place.spool.start()
  })

  it('is not read before it was quiet for much longer, once a pause of its writer was seen', async () => {
    place.put('a.yaml', '# my request\n')
    await place.afterMs(0)
    for (const line of [
      request('lines'),
      ...text('lines')
        .slice(request('lines').length)
        .split(/(?<=\n)/),
    ]) {
      // Its writer's own pause: the times of the file are what shows it.
      await delay(SETTLE_MS / 4)
      await append(line)
      assert.deepEqual(place.intake.names, [])
    }
    await place.afterMs(MUCH_LATER_MS)
    assert.deepEqual(
      place.intake.applied.map(({ spec }) => [spec.mode, spec.suspend]),
      [['Drill', true]],
    )
  })

  it('is read as soon as it is quiet where its parts came at once, and where one came long after the others', async () => {
    place.put('a.yaml', '# my request\n')
    await place.afterMs(0)
    await append(request('at-once'))
    assert.deepEqual(place.intake.names, ['at-once'])
    const longFromNow = Date.now() / 1000 + 3600
    utimesSync(path(), longFromNow, longFromNow)
    await append('')
    place.intake.clear()
    await append('  reason: edited\n')
    assert.deepEqual(place.intake.names, ['at-once'])
  })
})

describe('a file that lost bytes', needs, () => {
  it('is left alone much longer, for its other half may follow', async () => {
    place.put('a.yaml', text('short'))
    await place.spool.start()
    place.aheadMs = -3_600_000
    truncateSync(join(place.path, 'a.yaml'), request('short').length)
    place.intake.clear()
    await place.afterMs(0)
    await place.afterMs(LATER_MS)
    assert.deepEqual(place.intake.names, [])
    await place.afterMs(MUCH_LATER_MS)
    assert.deepEqual(place.intake.names, ['short'])
  })

  it('is read as soon as it is quiet where it says that it is at its end', async () => {
    place.put('a.yaml', text('short'))
    await place.spool.start()
    place.aheadMs = -3_600_000
    place.put('a.yaml', `${request('short')}...\n`)
    place.intake.clear()
    await place.afterMs(0)
    await place.afterMs(LATER_MS)
    assert.deepEqual(place.intake.names, ['short'])
  })
})

describe('a file whose writers cannot be seen', () => {
  beforeEach(() => {
    place = new SpoolWorkplace(parser, () => Promise.resolve({ writers: new Map(), complete: false }))
    // No file grows old but by what the test says.
    place.aheadMs = -3_600_000
  })

  async function readSoon(): Promise<readonly string[]> {
    await place.afterMs(0)
    await place.afterMs(LATER_MS)
    return place.intake.names
  }

  it('must be quiet for much longer', async () => {
    await place.spool.start()
    place.put('a.yaml', request('unseen'))
    assert.deepEqual(await readSoon(), [])
    await place.afterMs(MUCH_LATER_MS)
    assert.deepEqual(place.intake.names, ['unseen'])
  })

  it('is read as soon as it is quiet where it is closed by a mark, is JSON, or was moved in', async () => {
    await place.spool.start()
    place.put('a.yaml', `${request('marked')}...\n`)
    const metadata = { name: 'json' }
    const spec = { target: 'app', source: { latest: {} }, confirm: true }
    place.put('b.json', JSON.stringify({ apiVersion: 'modosu.dev/v1', kind: 'RestoreRequest', metadata, spec }))
    const outside = join(place.root, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'c.yaml'), request('moved'))
    const written = statSync(join(outside, 'c.yaml'), { bigint: true }).ctimeNs
    // The clock of a file system may stand still for some milliseconds.
    do renameSync(join(outside, 'c.yaml'), join(outside, 'c.yaml.part'))
    while ((renameSync(join(outside, 'c.yaml.part'), join(outside, 'c.yaml')), ctime(outside)) === written)
    renameSync(join(outside, 'c.yaml'), join(place.path, 'c.yaml'))
    assert.deepEqual([...(await readSoon())].sort(), ['json', 'marked', 'moved'])
  })

  it('is not believed for its old end while it is overwritten in place', async () => {
    const marked = `${request('marked').replace('spec:', 'spec:\n  suspend: true')}...\n`
    place.put('a.yaml', marked)
    await place.spool.start()
    await readSoon()
    place.intake.clear()
    const { length } = marked
    writeFileSync(join(place.path, 'a.yaml'), marked.replace('suspend: true', 'suspend: no  '), { flag: 'r+' })
    assert.equal(statSync(join(place.path, 'a.yaml')).size, length)
    assert.deepEqual(await readSoon(), [])
  })
})

function ctime(folder: string): bigint {
  return statSync(join(folder, 'c.yaml'), { bigint: true }).ctimeNs
}
