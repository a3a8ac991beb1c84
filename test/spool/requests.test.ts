import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, it } from 'node:test'

import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { GRACE_MS, request, SpoolWorkplace } from './workplace.ts'

const parser = createManifestParser()
after(() => parser.close())

let place: SpoolWorkplace
beforeEach(() => {
  place = new SpoolWorkplace(parser)
})
afterEach(() => place[Symbol.asyncDispose]())

/** Everything that a write into the directory would change. */
function snapshot(path: string): readonly string[] {
  const times = (name: string): string => {
    const { mtimeNs, ctimeNs, ino } = statSync(join(path, name), { bigint: true })
    return `${name} ${mtimeNs} ${ctimeNs} ${ino}`
  }
  const hash = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(path, name)))
      .digest('hex')
  return [times('.'), ...readdirSync(path).map((name) => `${times(name)} ${hash(name)}`)]
}

describe('requests of the spool', () => {
  it('are applied once, those of the first scan as old ones, and then history begins', async () => {
    place.put('b.yaml', request('second'))
    place.put('a.yaml', request('first'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['first', 'second'])
    assert.ok(place.intake.applied.every(({ initial }) => initial))
    assert.deepEqual(place.intake.historyBegunAfter, [2])

    place.put('c.json', JSON.stringify(JSON_REQUEST))
    await place.afterMs(0)
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['first', 'second', 'third'])
    assert.equal(place.intake.applied.at(-1)?.initial, false)
    assert.deepEqual(place.intake.historyBegunAfter, [2])
    assert.deepEqual(place.spool.counts(), { accepted: 3, rejected: 0, elsewhere: 0, ignored: 0 })
  })

  it('come from every document of a file, and a wrong one leaves the others alone', async () => {
    const wrong = request('two').replace('confirm: true', 'confrim: true')
    place.put('all.yaml', [request('one'), wrong, request('three')].join('---\n'))
    await place.spool.start()
    assert.deepEqual(
      place.intake.applied.map(({ name, index }) => [name, index]),
      [
        ['one', 0],
        ['three', 2],
      ],
    )
    assert.deepEqual(
      place.intake.invalids.map(({ name, index }) => [name, index]),
      [['two', 1]],
    )
    const [unknown] = place.report('all.yaml').problems.filter(({ path }) => path === 'spec.confrim')
    assert.deepEqual(
      { line: unknown?.line, column: unknown?.column, hint: unknown?.hint, document: unknown?.document },
      { line: 19, column: 3, hint: 'did you mean "confirm"?', document: 1 },
    )
  })

  it('are told of by events, without a scan', async () => {
    await place.spool.start()
    const scannedAtMs = place.spool.lastScanMs
    // The watcher asks for one more scan when it has begun to listen.
    await place.until(() => place.spool.lastScanMs !== scannedAtMs)
    place.put('late.yaml', request('late'))
    await place.until(() => place.intake.names.includes('late'))
  })

  it('are not read before their file has been quiet', async () => {
    place.aheadMs = 0
    place.put('a.yaml', request('young').slice(0, 60))
    await place.spool.start()
    assert.deepEqual(place.intake.names, [])
    assert.deepEqual(place.reportNames(), [])
    place.put('a.yaml', request('young'))
    await place.afterMs(0)
    place.aheadMs = 60_000
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['young'])
    assert.deepEqual(place.reportNames(), [])
  })

  it('are read from a file with a time in the future, once it stays the same', async () => {
    place.aheadMs = -60_000
    place.put('a.yaml', request('tomorrow'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, [])
    await place.afterMs(600)
    assert.deepEqual(place.intake.names, ['tomorrow'])
  })

  it('with one name in two files are told of in the order in which the files began to give it', async () => {
    await place.spool.start()
    place.put('z.yaml', request('same', 'BKP-1'))
    await place.afterMs(0)
    place.intake.answer = ({ file }) =>
      file === 'z.yaml' ? null : { line: null, column: null, path: 'metadata.name', message: 'is taken', hint: null }
    place.put('a.yaml', request('same', 'BKP-2'))
    place.intake.clear()
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ file, backupId, rivals }) => [file, backupId, ...rivals]),
      [
        ['z.yaml', 'BKP-1', 'a.yaml', 'z.yaml'],
        ['a.yaml', 'BKP-2', 'a.yaml', 'z.yaml'],
      ],
    )
    assert.deepEqual(place.reportNames(), ['a.yaml'])
    assert.deepEqual(
      place.report('a.yaml').problems.map(({ line, message }) => [line, message]),
      [[1, 'is taken']],
    )

    place.intake.answer = () => null
    place.remove('z.yaml')
    place.intake.clear()
    await place.afterMs(0)
    assert.deepEqual(
      place.intake.applied.map(({ file, rivals }) => [file, ...rivals]),
      [['a.yaml']],
    )
    assert.deepEqual(place.reportNames(), [])
    assert.deepEqual(place.intake.absences, [])
  })

  it('leave the directory as it was, whatever is in it', async () => {
    place.put('good.yaml', request('good'))
    place.put('bad.yaml', 'a: [')
    const before = snapshot(place.path)
    await place.spool.start()
    await place.afterMs(2 * GRACE_MS)
    await place.spool.stop()
    assert.deepEqual(snapshot(place.path), before)
  })
})

describe('a request whose file goes', () => {
  it('is absent once, after the grace', async () => {
    place.put('a.yaml', request('gone'))
    await place.spool.start()
    place.remove('a.yaml')
    await place.afterMs(0)
    await place.afterMs(GRACE_MS - 1)
    assert.deepEqual(place.intake.absences, [])
    await place.afterMs(1)
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, ['gone'])
  })

  it('is not absent when it comes back within the grace, in whatever file', async () => {
    place.put('a.yaml', request('moved'))
    await place.spool.start()
    renameSync(join(place.path, 'a.yaml'), join(place.path, '.a.hidden'))
    await place.afterMs(GRACE_MS - 1)
    renameSync(join(place.path, '.a.hidden'), join(place.path, 'other.yml'))
    await place.afterMs(0)
    await place.afterMs(10 * GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
    assert.equal(place.intake.applied.at(-1)?.file, 'other.yml')
  })

  it('while the daemon was down gets the same grace', async () => {
    place.intake.unfinished.set('lost', 'lost.yaml').set('still-there', 'a.yaml')
    place.put('a.yaml', request('still-there'))
    await place.spool.start()
    assert.deepEqual(place.intake.absences, [])
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, ['lost'])
  })

  it('is not absent for a typo, be it of the field, the syntax or the name', async () => {
    place.put('a.yaml', request('typo'))
    await place.spool.start()
    for (const text of [request('typo').replace('confirm', 'confrim'), 'a: [', request('Ty Po'), '']) {
      place.put('a.yaml', text)
      await place.afterMs(10 * GRACE_MS)
      assert.deepEqual(place.reportNames(), ['a.yaml'])
    }
    await place.afterMs(10 * GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
    place.put('a.yaml', request('renamed'))
    await place.afterMs(0)
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, ['typo'])
    assert.deepEqual(place.reportNames(), [])
  })

  it('is not absent while a file that may give it is not quiet yet', async () => {
    place.put('a.yaml', request('moved'))
    await place.spool.start()
    place.remove('a.yaml')
    await place.afterMs(0)
    place.aheadMs = 0
    place.put('b.yaml', request('moved'))
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
    place.aheadMs = 60_000
    await place.afterMs(10 * GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
  })
})

describe('a spool directory that goes', () => {
  it('makes nothing absent while it cannot be read, nor when an empty one takes its place', async () => {
    place.put('a.yaml', request('kept'))
    await place.spool.start()
    renameSync(place.path, `${place.path}.away`)
    await place.afterMs(10 * GRACE_MS)
    assert.ok(place.spool.scanErrors >= 1)
    const verdict = await place.spool.confirm('kept')
    assert.equal(verdict.ready ? '' : verdict.reason, 'SpoolUnreadable')
    mkdirSync(place.path)
    await place.afterMs(10 * GRACE_MS)
    await place.afterMs(10 * GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
    assert.ok(place.said.includes('the spool cannot be scanned'))

    rmSync(place.path, { recursive: true })
    renameSync(`${place.path}.away`, place.path)
    await place.afterMs(10 * GRACE_MS)
    assert.ok(place.said.includes('the spool can be scanned again'))
    assert.deepEqual(place.intake.absences, [])
    place.put('b.yaml', request('after'))
    await place.until(() => place.intake.names.includes('after'))
  })

  it('may be replaced by another that holds the same requests', async () => {
    place.put('a.yaml', request('kept'))
    place.put('b.yaml', request('dropped'))
    await place.spool.start()
    renameSync(place.path, `${place.path}.away`)
    mkdirSync(place.path)
    place.put('a.yaml', request('kept'))
    await place.afterMs(0)
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, ['dropped'])
  })

  it('need not be there at the start', async () => {
    place.intake.unfinished.set('waiting', 'w.yaml')
    rmSync(place.path, { recursive: true })
    await place.spool.start()
    assert.equal(place.spool.lastScanMs, null)
    await place.afterMs(10 * GRACE_MS)
    assert.deepEqual(place.intake.absences, [])
    assert.deepEqual(place.intake.historyBegunAfter, [])
    mkdirSync(place.path)
    place.put('a.yaml', request('waiting'))
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['waiting'])
    assert.deepEqual(place.intake.historyBegunAfter, [1])
  })
})

const JSON_REQUEST = {
  apiVersion: 'modosu.dev/v1',
  kind: 'RestoreRequest',
  metadata: { name: 'third' },
  spec: { target: 'app', source: { latest: {} }, confirm: true },
}
