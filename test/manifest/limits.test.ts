import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { decodeManifest } from '../../src/manifest/decode.ts'
import { MAX_FILE_BYTES, ManifestReader } from '../../src/manifest/parse.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'

const reader = new ManifestReader()
const parser = createManifestParser()
after(() => parser.close())

const BOMB = ['a: &a [x, x, x, x, x, x, x, x, x]']
for (let level = 0; level < 9; level += 1) {
  const name = String.fromCharCode(98 + level)
  const before = String.fromCharCode(97 + level)
  BOMB.push(`${name}: &${name} [${Array<string>(9).fill(`*${before}`).join(', ')}]`)
}

const HOSTILE: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  ['an alias bomb', BOMB.join('\n'), /more than 50 aliases|aliases expand too far/],
  ['a small alias bomb', BOMB.slice(0, 6).join('\n'), /more than 50 aliases|aliases expand too far/],
  ['an alias of itself', 'a: &a [*a]', /./],
  ['900 open brackets', '['.repeat(900), /nested more than 32 levels deep/],
  ['60,000 open brackets', '['.repeat(60_000), /nested more than 32 levels deep/],
  ['900 open braces', '{'.repeat(900), /nested more than 32 levels deep/],
  ['5,000 nested lists', '- '.repeat(5000), /nested more than 32 levels deep/],
  ['5,000 nested keys', '? '.repeat(5000), /nested more than 32 levels deep/],
  ['a staircase', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /nested more than/],
  [
    '40,000 unique keys',
    Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n'),
    /more than 10000 keys and list entries/,
  ],
  ['a flow list of 30,000', `[${'1,'.repeat(30_000)}1]`, /more than 10000 keys and list entries/],
  ['a merge key', 'base: &b { a: 1 }\nuse: { <<: *b }', /./],
  ['an unknown tag', 'a: !!js/function "x"', /tag/],
  ['a duplicate key', 'a: 1\nb: 2\na: 3', /twice/],
  ['an alias of nothing', 'a: *b', /./],
  ['a key that is a list', '[1, 2]: 3', /key/],
  ['another YAML', '%YAML 1.1\n---\na: yes', /YAML 1\.1/],
  ['a tab as indentation', 'a:\n\tb: 1', /a tab is used for indentation/],
]

describe('a hostile text', () => {
  for (const [what, text, said] of HOSTILE) {
    it(`is refused with a position: ${what}`, () => {
      const { documents, problems } = reader.read(text)
      const all = [...problems, ...documents.flatMap((document) => ('problems' in document ? document.problems : []))]
      assert.ok(all.length > 0)
      assert.ok(all.length <= 60)
      assert.ok(
        all.some(({ message }) => said.test(message)),
        JSON.stringify(all.slice(0, 3)),
      )
      for (const { line, column } of all) assert.ok((line ?? 0) >= 1 && (column ?? 0) >= 1)
    })
  }

  it('does not keep the parser behind the wall from reading the next one', async () => {
    for (const [, text] of HOSTILE) {
      const { parserFailed } = await parser.parse(text.slice(0, MAX_FILE_BYTES))
      assert.equal(parserFailed, false)
    }
  })

  it('that is a syntax error in one document makes the whole file invalid', () => {
    const { documents, problems } = reader.read('a: 1\n---\nb: [\n---\nc: 3\n')
    assert.deepEqual(documents, [])
    assert.ok(problems.length > 0)
  })
})

describe('bytes that are no plain UTF-8', () => {
  const messageOf = (bytes: Uint8Array): string => {
    const decoded = decodeManifest(bytes, MAX_FILE_BYTES)
    assert.ok('problem' in decoded)
    return decoded.problem.message
  }

  it('are refused, each kind with its own words', () => {
    assert.equal(messageOf(Buffer.from('\ufeffa: 1', 'utf16le')), 'the file is UTF-16, not UTF-8')
    assert.equal(messageOf(Buffer.from('a: 1', 'utf16le')), 'the file is UTF-16, not UTF-8')
    assert.equal(messageOf(Buffer.from('a: 1', 'utf16le').swap16()), 'the file is UTF-16, not UTF-8')
    assert.equal(messageOf(Buffer.from('a: "\0"')), 'the file contains a NUL byte')
    assert.equal(messageOf(Buffer.from('a: \x1b[2J')), 'the file contains the control character U+001B')
    assert.equal(messageOf(Buffer.from('a: \xff', 'latin1')), 'the file is not valid UTF-8')
    assert.equal(messageOf(Buffer.alloc(MAX_FILE_BYTES + 1, '#')), 'the file is larger than 64 KiB')
  })

  it('are located by line and column', () => {
    const nul = decodeManifest(Buffer.from('a: 1\nb: \0'), MAX_FILE_BYTES)
    assert.ok('problem' in nul)
    assert.deepEqual([nul.problem.line, nul.problem.column], [2, 4])
    const latin = decodeManifest(Buffer.from('a: 1\nb: 2\nc: \xe9\n', 'latin1'), MAX_FILE_BYTES)
    assert.ok('problem' in latin)
    assert.equal(latin.problem.line, 3)
  })

  it('may begin with the byte order mark of UTF-8', () => {
    assert.deepEqual(decodeManifest(Buffer.from('\ufeffa: 1'), MAX_FILE_BYTES), { text: 'a: 1' })
  })
})
