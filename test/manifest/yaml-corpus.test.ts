import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'

import { decodeManifest } from '../../src/manifest/decode.ts'
import { isValid, MAX_FILE_BYTES, type ParsedFile } from '../../src/manifest/parse.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { yamlCorpus, type YamlCase } from './yaml-corpus.ts'

const parser = createManifestParser()
after(() => parser.close())

/** As the spool does it: the bytes are decoded here, the text is parsed in the child. */
async function read(text: string): Promise<ParsedFile> {
  const decoded = decodeManifest(Buffer.from(text), MAX_FILE_BYTES)
  if ('problem' in decoded) return { documents: [], problems: [decoded.problem] }
  const { parserFailed, ...file } = await parser.parse(decoded.text)
  assert.equal(parserFailed, false, 'the parser lives')
  return file
}

/** The value that the case is about. */
function taken({ what }: YamlCase, { documents }: ParsedFile): string {
  const [document] = documents
  assert.ok(documents.length === 1 && document !== undefined && isValid(document))
  const { spec } = document.manifest
  if (what.startsWith('confirm: ')) return String(spec.confirm)
  if (what.startsWith('activeDeadlineSeconds: ')) return String(spec.activeDeadlineSeconds)
  return spec.reason ?? ''
}

describe('a corpus of YAML', () => {
  const corpus = yamlCorpus()

  it('has as many cases as the YAML test suite at least, each with a name of its own', () => {
    assert.ok(corpus.length >= 402, `${corpus.length} cases`)
    assert.equal(new Set(corpus.map(({ what }) => what)).size, corpus.length)
  })

  it('is taken for what it says, or refused with a place inside the file', async () => {
    const wrong: string[] = []
    for (const one of corpus) {
      const file = await read(one.text)
      const all = [
        ...file.problems,
        ...file.documents.flatMap((document) => (isValid(document) ? [] : document.problems)),
      ]
      const told = all.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`).join(' | ')
      try {
        judge(one, file, all)
      } catch (error) {
        wrong.push(`${one.what}: ${(error as Error).message.split('\n')[0]} [${told}]`)
      }
    }
    assert.deepEqual(wrong, [])
  })
})

function judge(one: YamlCase, file: ParsedFile, problems: ParsedFile['problems']): void {
  const { must, text } = one
  if ('accept' in must) {
    assert.deepEqual(problems, [])
    assert.equal(taken(one, file), must.accept)
    return
  }
  assert.ok(problems.length > 0, 'it was accepted')
  assert.ok(problems.length <= 60, 'that is more than anybody reads')
  assert.match(problems.map(({ path, message, hint }) => `${path} ${message} ${hint ?? ''}`).join('\n'), must.refuse)
  const lines = text.split(/\r\n|\n/)
  for (const { line, column, message } of problems) {
    assert.ok(message.length > 0, 'it is said')
    assert.doesNotMatch(message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u, 'in words that drive no terminal')
    if (line === null && message.includes('no document')) continue
    assert.ok(line !== null && line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`)
    assert.ok(column !== null && column >= 1 && column <= (lines[line - 1] ?? '').length + 2, `column ${column}`)
  }
  if (must.line !== undefined)
    assert.ok(
      problems.some(({ line }) => line === must.line),
      `line ${must.line} is meant`,
    )
}
