import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { decodeManifest } from '../../src/manifest/decode.ts'
import { isValid, MAX_FILE_BYTES, ManifestReader } from '../../src/manifest/parse.ts'
import { parseRfc3339 } from '../../src/manifest/rfc3339.ts'
import { specHash } from '../../src/manifest/spec-hash.ts'

const reader = new ManifestReader()

/** Bits of YAML that mean something to a parser, and bits that mean something to the schema. */
const BITS = [
  '- ',
  '? ',
  ': ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '&a ',
  '*a',
  '!!str ',
  '|\n',
  '>-\n',
  "'",
  '"',
  '#',
  '---\n',
  '...\n',
  '%YAML 1.2\n',
  '\n',
  '  ',
  '\t',
  '<<: ',
  '__proto__: ',
  'apiVersion: modosu.dev/v1\n',
  'kind: RestoreRequest\n',
  'metadata: ',
  'name: x\n',
  'spec: ',
  'null',
  'true',
  '1e999',
  '0x10',
  '復',
  '\u{1f600}',
]

const GOOD = {
  apiVersion: 'modosu.dev/v1',
  kind: 'RestoreRequest',
  metadata: { name: 'a' },
  spec: {
    target: 'app',
    source: { latest: { types: ['daily'], before: '2026-02-15T00:00:00Z' } },
    confirm: true,
    reason: 'x',
    tables: ['b', 'a'],
    approval: { required: 1 },
  },
}

describe('the reader of manifests', () => {
  it('never throws, and every problem has a place inside the text', () => {
    const texts = fc.array(fc.oneof(fc.constantFrom(...BITS), fc.string({ maxLength: 8 })), { maxLength: 60 })
    fc.assert(
      fc.property(texts, (bits) => {
        const text = bits.join('')
        const lines = text.split('\n')
        const { documents, problems } = reader.read(text)
        const all = [...problems, ...documents.flatMap((document) => (isValid(document) ? [] : document.problems))]
        assert.ok(documents.length > 0 || all.length > 0)
        for (const { line, column } of all) {
          if (line === null) continue
          assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`)
          assert.ok((column ?? 0) >= 1)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('never throws on bytes either', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = decodeManifest(bytes, MAX_FILE_BYTES)
        if ('text' in decoded) reader.read(decoded.text)
      }),
      { numRuns: 500 },
    )
  })

  it('takes no key of a request for anything but what the schema knows', () => {
    const keys = fc.string({ minLength: 1, maxLength: 12 }).filter((key) => !(key in GOOD.spec))
    fc.assert(
      fc.property(keys, (key) => {
        const spec = Object.fromEntries([...Object.entries(GOOD.spec), [key, 'x']])
        const known = isValid(reader.read(JSON.stringify(GOOD)).documents[0]!)
        const [document] = reader.read(JSON.stringify({ ...GOOD, spec })).documents
        assert.ok(known)
        assert.ok(document === undefined || !isValid(document) || key === 'requestedBy')
      }),
      { numRuns: 300 },
    )
  })
})

describe('the fingerprint of a spec', () => {
  it('does not depend on the order of keys, at any depth, and does on that of lists', () => {
    const entries = Object.entries(GOOD.spec)
    const [first] = reader.read(JSON.stringify(GOOD)).documents
    assert.ok(first !== undefined && isValid(first))
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const [document] = reader.read(JSON.stringify({ ...GOOD, spec: Object.fromEntries(shuffled) })).documents
        assert.ok(document !== undefined && isValid(document))
        assert.equal(document.specHash, first.specHash)
      }),
    )
    const { spec } = first.manifest
    assert.notEqual(specHash({ spec: { ...spec, tables: [...spec.tables].reverse() } }), first.specHash)
  })
})

describe('an RFC 3339 time', () => {
  it('is read for every instant, in every zone, and means that instant', () => {
    const instants = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(instants, fc.integer({ min: -14 * 60, max: 14 * 60 }), (instant, zoneMinutes) => {
        const local = new Date(instant.getTime() + zoneMinutes * 60_000).toISOString().slice(0, -1)
        const [hours, minutes] = [Math.floor(Math.abs(zoneMinutes) / 60), Math.abs(zoneMinutes) % 60]
        const two = (value: number): string => String(value).padStart(2, '0')
        const text = `${local}${zoneMinutes < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
        assert.equal(parseRfc3339(text), instant.getTime())
      }),
    )
  })

  it('is none without a zone, on a day that does not exist, or at 24 o’clock', () => {
    for (const text of [
      '2026-02-15T02:00:00',
      '2026-02-29T00:00:00Z',
      '2026-04-31T00:00:00Z',
      '2026-02-15T24:00:00Z',
      '2026-02-15',
      '2026-13-01T00:00:00Z',
    ]) {
      assert.equal(parseRfc3339(text), undefined, text)
    }
    assert.equal(parseRfc3339('2028-02-29T00:00:00Z'), Date.UTC(2028, 1, 29))
  })
})
