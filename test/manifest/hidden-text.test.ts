import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parse } from 'yaml'

import { hasHidden, safeJson } from '../../src/domain/unsafe-text.ts'
import { ManifestReader } from '../../src/manifest/parse.ts'
import { safeYaml } from '../../src/manifest/safe-yaml.ts'

const HIDDEN = [
  '\u202e',
  '\u2066',
  '\u200e',
  '\u200f',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\u0085',
  '\u001b',
  '\u061c',
  '\u{e0041}',
]

describe('characters that are not seen', () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ minLength: 1, maxLength: 1 }), fc.constantFrom(...HIDDEN, '\n', '名')),
  })
  const value = fc.dictionary(
    text,
    fc.oneof(text, fc.array(text), fc.dictionary(text, text, { noNullPrototype: true })),
    {
      noNullPrototype: true,
    },
  )

  it('are escaped in JSON and YAML, which mean the same', () => {
    fc.assert(
      fc.property(value, (given) => {
        for (const [written, back] of [
          [safeJson(given, 2), JSON.parse(safeJson(given, 2))],
          [safeYaml(given, { lineWidth: 0 }), parse(safeYaml(given, { lineWidth: 0 }))],
        ] as const) {
          assert.equal(hasHidden(written), false, JSON.stringify(written))
          assert.deepEqual(back, given)
        }
      }),
      { examples: [[{ '': [' \n'] }], [{ a: '\n \n' }], [{ a: '  \nx\n' }]] },
    )
  })

  it('are refused in what names something', () => {
    const reader = new ManifestReader()
    for (const character of HIDDEN) {
      for (const part of [
        { source: { file: { path: `daily/a${character}b.db` } } },
        { requestedBy: `root${character}` },
        { tables: [`users${character}`] },
      ]) {
        const spec = { target: 'app', confirm: true, source: { latest: {} }, ...part }
        const manifest = { apiVersion: 'modosu.dev/v1', kind: 'RestoreRequest', metadata: { name: 'a' }, spec }
        const { documents, problems } = reader.read(JSON.stringify(manifest))
        const found = [...problems, ...documents.flatMap((each) => ('problems' in each ? each.problems : []))]
        assert.notEqual(found.length, 0, JSON.stringify(part))
      }
    }
  })
})
