import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { describePlacement, isForNode, type Placement } from '../../src/domain/node.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { GRACE_MS, request, SpoolWorkplace } from './workplace.ts'

/** A request with a place, as YAML; the workplace is `web-1`, environment production, rack a. */
function placed(name: string, place: Placement, backupId?: string): string {
  return `${request(name, backupId)}  nodeName: ${JSON.stringify(place.nodeName ?? 'web-1')}
  nodeSelector: ${JSON.stringify(place.nodeSelector ?? {})}
`
}

describe('a request with a place', () => {
  const node = { name: 'web-1', labels: { environment: 'production', rack: 'a' } }
  for (const [place, expected] of [
    [{}, true],
    [{ nodeSelector: {} }, true],
    [{ nodeName: 'web-1' }, true],
    [{ nodeName: 'WEB-1' }, true],
    [{ nodeName: 'web-2' }, false],
    [{ nodeName: 'web' }, false],
    [{ nodeSelector: { rack: 'a' } }, true],
    [{ nodeSelector: { rack: 'a', environment: 'production' } }, true],
    [{ nodeSelector: { rack: 'a', environment: 'staging' } }, false],
    [{ nodeSelector: { disk: 'ssd' } }, false],
    [{ nodeSelector: { toString: '' } }, false],
    [{ nodeName: 'web-1', nodeSelector: { rack: 'b' } }, false],
    [{ nodeName: 'web-2', nodeSelector: { rack: 'a' } }, false],
  ] as const satisfies readonly (readonly [Placement, boolean])[]) {
    it(`is ${expected ? '' : 'not '}for this node: ${describePlacement(place) || 'anywhere'}`, () => {
      assert.equal(isForNode(place, node), expected)
    })
  }
})

describe('a spool that many nodes read', { timeout: 60_000 }, () => {
  const parser = createManifestParser()
  after(() => parser.close())

  it('leaves requests for other nodes alone: not taken in, not rejected, counted as elsewhere', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('mine.yaml', placed('mine', { nodeName: 'web-1' }))
    place.put('anywhere.yaml', request('anywhere'))
    place.put('other.yaml', placed('other', { nodeName: 'web-2' }))
    place.put('labels.yaml', placed('labels', { nodeSelector: { rack: 'b' } }))
    await place.spool.start()
    assert.deepEqual(place.intake.names.sort(), ['anywhere', 'mine'])
    assert.deepEqual(place.intake.invalids, [])
    assert.deepEqual(place.reportNames(), [])
    assert.deepEqual(place.spool.counts(), { accepted: 2, rejected: 0, elsewhere: 2, ignored: 0 })
    assert.deepEqual(place.said.filter((line) => line.startsWith('left alone')).sort(), [
      'left alone: for node web-1, nodes with rack=b',
      'left alone: for node web-2',
    ])
  })

  it('tells of such a request once, not at every scan', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('other.yaml', placed('other', { nodeName: 'web-2' }))
    await place.spool.start()
    await place.afterMs(60_000)
    await place.afterMs(60_000)
    assert.equal(place.said.filter((line) => line.startsWith('left alone')).length, 1)
    assert.equal(place.intake.historyBegunAfter.length, 1)
  })

  it('does not complain of a mistake in a request for another node', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('other.yaml', `${placed('other', { nodeName: 'web-2' })}  confrim: true\n`)
    place.put('mine.yaml', `${placed('mine', { nodeName: 'web-1' })}  confrim: true\n`)
    await place.spool.start()
    assert.deepEqual(
      place.intake.invalids.map(({ name }) => name),
      ['mine'],
    )
    assert.deepEqual(place.reportNames(), ['mine.yaml'])
    assert.deepEqual(place.spool.counts(), { accepted: 0, rejected: 1, elsewhere: 1, ignored: 0 })
  })

  it('complains of a place that cannot be read, for it may be this one', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('odd.yaml', `${request('odd')}  nodeName: [web-2]\n`)
    place.put('key.yaml', `${request('key')}  nodeSelector: {"no key at all!": x}\n`)
    await place.spool.start()
    assert.deepEqual(place.reportNames(), ['key.yaml', 'odd.yaml'])
    assert.equal(place.report('odd.yaml').problems[0]?.path, 'spec.nodeName')
  })

  it('takes a file apart: each node has its own documents of it', async () => {
    await using place = new SpoolWorkplace(parser)
    const both = `${placed('one', { nodeName: 'web-1' })}---\n${placed('two', { nodeName: 'web-2' })}`
    place.put('both.yaml', both)
    await place.spool.start()
    assert.deepEqual(place.intake.names, ['one'])
    assert.deepEqual(place.spool.counts(), { accepted: 1, rejected: 0, elsewhere: 0, ignored: 0 })
  })

  it('gives a request up that was moved to another node, as if its file had gone', async () => {
    await using place = new SpoolWorkplace(parser)
    place.put('moving.yaml', placed('moving', { nodeName: 'web-1' }))
    await place.spool.start()
    place.put('moving.yaml', placed('moving', { nodeName: 'web-2' }))
    await place.afterMs(1000)
    assert.deepEqual(place.intake.absences, [])
    await place.afterMs(GRACE_MS)
    assert.deepEqual(place.intake.absences, ['moving'])
    assert.deepEqual(place.spool.counts(), { accepted: 0, rejected: 0, elsewhere: 1, ignored: 0 })
  })
})
