import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { RestoreError } from '../../src/domain/errors.ts'
import { ManifestParser } from '../../src/manifest/parser.ts'
import { ChildPool } from '../../src/sandbox/pool.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { GRACE_MS, request, SpoolWorkplace } from './workplace.ts'

const frail = new ChildPool({
  entry: new URL('./frail-child.js', import.meta.url),
  memoryMb: 128,
  spare: false,
  lockFile: null,
  callsPerChild: Infinity,
})
after(() => frail.close())
const parser = createManifestParser()
after(() => parser.close())

const parserDied = {
  line: null,
  column: null,
  path: '',
  message: 'the file could not be read by the parser',
  hint: null,
}

describe('a parser that fails', () => {
  it('by dying is a problem of that file alone, and the next text is read', async () => {
    const reader = new ManifestParser(frail)
    const { documents, problems, parserFailed } = await reader.parse('# KILL')
    assert.deepEqual(documents, [])
    assert.equal(parserFailed, true)
    assert.match(problems[0]?.message ?? '', /^the file could not be read by the parser/)
    const next = await reader.parse(request('next'))
    assert.equal(next.documents[0]?.name, 'next')
  })

  it('by never ending is ended, and the next text is read', async () => {
    const { problems } = await new ManifestParser(frail, [200, 6000]).parse('# HANG')
    assert.match(problems[0]?.message ?? '', /^reading the file took too long/)
    const next = await new ManifestParser(frail).parse(request('next'))
    assert.equal(next.documents[0]?.name, 'next')
  })

  it('is tried three times on a file of the spool, then not before the file changes; others go on', async () => {
    let tries = 0
    const reader = new ManifestParser(frail)
    await using place = new SpoolWorkplace({
      parse: (text, signal) => {
        if (text.includes('KILL')) tries += 1
        return reader.parse(text, signal)
      },
    })
    place.put('a.yaml', `${request('deadly')}# KILL`)
    place.put('b.yaml', request('good'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['good'])
    assert.deepEqual(place.reportNames(), ['a.yaml'])
    assert.deepEqual(place.spool.counts(), { accepted: 1, rejected: 1, elsewhere: 0, ignored: 0 })
    for (let scan = 0; scan < 4; scan += 1) await place.afterMs(0)
    assert.equal(tries, 3)
    place.put('a.yaml', request('mended'))
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['good', 'mended'])
    assert.deepEqual(place.reportNames(), [])
  })
})

describe('a file that was there before the start and cannot be read', () => {
  const dead = { documents: [], problems: [{ ...parserDied }], parserFailed: true }
  const unreadable: readonly (readonly [string, string, Pick<ManifestParser, 'parse'>])[] = [
    ['its parser is killed', request('waiting'), { parse: () => Promise.resolve(dead) }],
    ['a typo came into it meanwhile', request('waiting').replace('spec:', 'spec: ['), parser],
  ]

  for (const [why, text, by] of unreadable) {
    it(`does not call off its unfinished request: ${why}`, async () => {
      await using place = new SpoolWorkplace(by)
      place.intake.unfinished.set('waiting', 'a.yaml').set('lost', 'lost.yaml')
      place.put('a.yaml', text)
      await place.spool.start()
      for (let scan = 0; scan < 4; scan += 1) await place.afterMs(3 * GRACE_MS)
      assert.deepEqual(place.intake.absences, ['lost'])
      place.remove('a.yaml')
      await place.afterMs(0)
      await place.afterMs(GRACE_MS)
      assert.deepEqual(place.intake.absences, ['lost', 'waiting'])
    })
  }

  it('nor while it is still being written', async () => {
    await using place = new SpoolWorkplace(parser)
    place.aheadMs = -60_000
    place.intake.unfinished.set('waiting', 'a.yaml')
    place.put('a.yaml', request('wa'))
    await place.spool.start()
    for (let part = 0; part < 6; part += 1) {
      place.put('a.yaml', request('waiting').slice(0, 10 + part))
      await place.afterMs(GRACE_MS)
    }
    assert.deepEqual(place.intake.absences, [])
  })
})

describe('an intake that fails', () => {
  it('is told again by the next scan, of the old still as old, and of the others meanwhile', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('a.yaml', request('refused'))
    place.put('b.yaml', request('taken'))
    place.intake.answer = ({ manifest }) => {
      if (manifest.metadata.name === 'refused') throw new Error('the disk is full')
      return null
    }
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['refused', 'taken'])
    assert.deepEqual(place.intake.historyBegunAfter, [])
    assert.ok(place.said.includes('a request of the spool could not be taken in'))

    place.intake.answer = () => null
    place.intake.clear()
    await place.afterMs(0)
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ name, initial }) => [name, initial]),
      [['refused', true]],
    )
    assert.deepEqual(place.spool.counts(), { accepted: 2, rejected: 0, elsewhere: 0, ignored: 0 })
    assert.equal(place.intake.historyBegunAfter.length, 1)
  })

  it('is told again of an absence', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('a.yaml', request('gone'))
    await place.spool.start()
    const told: string[] = []
    place.intake.absent = (name) => {
      told.push(name)
      if (told.length === 1) throw new Error('the disk is full')
    }
    place.remove('a.yaml')
    await place.afterMs(0)
    for (let scan = 0; scan < 4; scan += 1) await place.afterMs(GRACE_MS)
    assert.deepEqual(told, ['gone', 'gone'])
  })

  it('during the first scan lets history begin with the next one', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('a.yaml', request('old'))
    const { intake } = place
    let asked = 0
    intake.unfinishedSpoolNames = () => {
      asked += 1
      if (asked === 1) throw new Error('the disk is full')
      return intake.unfinished
    }
    await place.spool.start()
    assert.deepEqual(intake.historyBegunAfter, [])
    await place.afterMs(0)
    assert.deepEqual(intake.historyBegunAfter, [1])
    assert.deepEqual(intake.names, ['old'])
  })
})

describe('an intake that fails after the first scan', () => {
  it('is not asked over and over without a pause', async () => {
    await using place = new SpoolWorkplace(parser)
    place.aheadMs = 0
    place.put('a.yaml', request('young'))
    await place.spool.start()
    const scannedAtMs = place.spool.lastScanMs
    // The watcher asks for one more scan when it has begun to listen; what comes after it is looks.
    await place.until(() => place.spool.lastScanMs !== scannedAtMs)
    let asked = 0
    place.intake.firstScanDone = () => {
      asked += 1
      if (asked < 1000) throw new Error('the disk is full')
    }
    place.aheadMs = 60_000
    // Due again by the spool's own clock, which then stands still: whatever is due now stays due.
    place.elapsedMs += 1000
    place.put('b.yaml', request('wakes'))
    await place.until(() => asked > 0)
    await sleep(200)
    assert.ok(asked <= 3, `asked ${asked} times`)
  })
})

describe('the first scan', () => {
  it('is not over for history while a file that lay there has not been quiet enough to be told of', async () => {
    await using place = new SpoolWorkplace(parser)
    place.aheadMs = 0
    place.put('a.yaml', request('young'))
    await place.spool.start()
    assert.deepEqual(place.intake.historyBegunAfter, [])
    place.aheadMs = 60_000
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ name, initial }) => [name, initial]),
      [['young', true]],
    )
    assert.deepEqual(place.intake.historyBegunAfter, [1])
  })
})

describe('stopping the spool', () => {
  it('comes to an end from within a scan, and again', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('a.yaml', request('last'))
    let stopped: Promise<void> | undefined
    place.intake.answer = () => {
      stopped = place.spool.stop()
      return null
    }
    await place.spool.start()
    await stopped
    await place.spool.stop()
    await place.spool.rescan()
    assert.deepEqual(place.intake.names, ['last'])
  })
})

describe('a machine that is too busy to parse anything', () => {
  const timedOut = new RestoreError('too slow', { reason: 'CheckTimedOut' })

  it('is not held against the file', async () => {
    const reader = new ManifestParser({ run: () => Promise.reject(timedOut), close: () => Promise.resolve() }, [1, 2])
    await assert.rejects(
      reader.parse('a: 1'),
      (error) => error instanceof RestoreError && error.reason === 'ParserBusy' && error.disposition === 'retry',
    )
  })

  it('differs from a file that alone overruns the time', async () => {
    const nothing = { documents: [], problems: [] }
    const runner = {
      run: <T>(_operation: string, text: unknown): Promise<T> =>
        text === 'hostile' ? Promise.reject(timedOut) : Promise.resolve(nothing as T),
      close: () => Promise.resolve(),
    }
    const { problems } = await new ManifestParser(runner, [1, 2]).parse('hostile')
    assert.match(problems[0]!.message, /CheckTimedOut/)
  })
})
