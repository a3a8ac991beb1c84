import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { displayName, isPlain, keyOf, reportName } from '../../src/spool/entry-name.ts'
import { NameLedger } from '../../src/spool/name-ledger.ts'

/** File names as the file system has them: 1 to 255 bytes without a slash and a zero. */
const fileNames = fc
  .uint8Array({ minLength: 1, maxLength: 255, min: 1 })
  .map((bytes) => bytes.map((byte) => (byte === 0x2f ? 0x61 : byte)))
const suffixed = fc
  .tuple(
    fc.oneof(
      fileNames,
      fc.string({ maxLength: 20 }).map((text) => Buffer.from(text.replaceAll(/[/\0]/g, 'a'))),
    ),
    fc.constantFrom('.yaml', '.yml', '.json', '.yaml.yaml', '.json.yaml'),
  )
  .map(([stem, suffix]) => keyOf(Buffer.concat([stem.subarray(0, 240), Buffer.from(suffix)])))

describe('the name of a report', () => {
  it('is its own for every file, and a file name that the file system takes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(suffixed, { minLength: 2, maxLength: 30 }), (keys) => {
        const names = keys.map(reportName)
        assert.equal(new Set(names).size, keys.length)
        for (const name of names) {
          assert.ok(Buffer.byteLength(`${name}.tmp`) <= 255 && !name.includes('/') && name.endsWith('.yaml'))
        }
      }),
    )
  })

  it('is the file’s own name where that is plain', () => {
    assert.equal(reportName(keyOf(Buffer.from('inc-4711.yaml'))), 'inc-4711.yaml')
    assert.equal(reportName(keyOf(Buffer.from('復旧.yaml'))), '復旧.yaml')
    assert.equal(reportName(keyOf(Buffer.from('inc-4711.json'))), 'inc-4711.json.yaml')
  })
})

describe('a file name for people', () => {
  it('never holds a character that drives a terminal, and is the name itself where that is plain', () => {
    fc.assert(
      fc.property(fileNames, (bytes) => {
        const key = keyOf(bytes)
        const shown = displayName(key)
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        if (isPlain(key)) assert.equal(shown, Buffer.from(bytes).toString('utf8'))
      }),
    )
  })
})

describe('the ledger of names', () => {
  const FILES = ['a', 'b', 'c']
  const NAMES = ['x', 'y', 'z']
  const steps = fc.array(fc.tuple(fc.constantFrom(...FILES), fc.subarray(NAMES)), { maxLength: 40 })

  it('agrees with the files about who gives a name, and since when nobody does', () => {
    fc.assert(
      fc.property(steps, (moves) => {
        const ledger = new NameLedger()
        const files = new Map<string, readonly string[]>()
        const lost = new Map<string, number>()
        for (const [nowMs, [file, names]] of moves.entries()) {
          const before = files.get(file) ?? []
          files.set(file, names)
          const given = new Set(Array.from(files.values()).flat())
          for (const name of before) if (!given.has(name)) lost.set(name, nowMs)
          for (const name of given) lost.delete(name)
          const affected = ledger.set(file, new Set(names), nowMs)
          assert.deepEqual(affected, new Set([...before, ...names]))
          assert.deepEqual(new Map(ledger.missing()), lost)
          for (const name of NAMES) {
            const givers = FILES.filter((each) => files.get(each)?.includes(name) === true)
            assert.deepEqual([...ledger.giversOf(name)].sort(), givers)
          }
        }
      }),
    )
  })

  it('keeps the first giver first, until it gives the name up', () => {
    const ledger = new NameLedger()
    ledger.set('z', new Set(['n']), 0)
    ledger.set('a', new Set(['n']), 1)
    ledger.set('z', new Set(['n', 'm']), 2)
    assert.deepEqual(ledger.giversOf('n'), ['z', 'a'])
    ledger.set('z', new Set(), 3)
    ledger.set('z', new Set(['n']), 4)
    assert.deepEqual(ledger.giversOf('n'), ['a', 'z'])
  })
})
