import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { languageOfLocale } from '../../src/cli/language.ts'
import { SAYINGS } from '../../src/cli/texts.ts'
import type { Environment } from '../../src/cli/environment.ts'
import { TEXTS } from '../../src/domain/messages.ts'
import { Workplace } from './workplace.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
  place.request('inc-1')
})
afterEach(() => {
  place.close()
})

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/

/** Every text of a catalogue, functions called with words that are neither. */
function textsOf(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String((value as (...words: string[]) => unknown)('x', 'x', 'x'))]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => textsOf(each, `${path}.${key}`))
}

describe('the catalogue of texts', () => {
  it('has each in both languages, and none of them in the other’s', () => {
    for (const catalogue of [SAYINGS, TEXTS]) {
      const [ja, en] = [textsOf(catalogue.ja), textsOf(catalogue.en)]
      assert.deepEqual(
        ja.map(([path]) => path),
        en.map(([path]) => path),
      )
      for (const [path, text] of en) assert.ok(text !== '' && !JAPANESE.test(text), path)
      for (const [path, text] of ja) assert.ok(JAPANESE.test(text), `${path}: ${text}`)
    }
  })
})

describe('the language of a command', () => {
  it('is read out of a locale as programs read it', () => {
    for (const [locale, language] of [
      ['ja_JP.UTF-8', 'ja'],
      ['ja', 'ja'],
      ['en_US.UTF-8', 'en'],
      ['de_DE', 'en'],
      ['C.UTF-8', undefined],
      ['POSIX', undefined],
      ['', undefined],
      [undefined, undefined],
    ] as const) {
      assert.equal(languageOfLocale(locale), language, locale)
    }
  })

  it('is that of --lang, else of MODOSU_LANG, else of the configuration, else of the locale', async () => {
    const spoken = async (words: readonly string[], environment: Partial<Environment>): Promise<string> => {
      const { stdout } = await place.run(['explain', 'ChecksumMismatch', ...words], { environment })
      return JAPANESE.test(stdout) ? 'ja' : 'en'
    }
    const config = readFileSync(place.config, 'utf8')
    assert.equal(await spoken([], {}), 'ja')
    assert.equal(await spoken([], { localeLanguage: 'en' }), 'en')
    writeFileSync(place.config, `${config}language: ja\n`)
    assert.equal(await spoken([], { localeLanguage: 'en' }), 'ja')
    assert.equal(await spoken([], { language: 'en', localeLanguage: 'ja' }), 'en')
    assert.equal(await spoken(['--lang', 'ja'], { language: 'en', localeLanguage: 'en' }), 'ja')
  })

  it('is one for all of an output: steps, outcome, hints and next commands', async () => {
    const hint = 'look at the disk: dmesg, smartctl'
    place.walk('inc-1', ['Preflight', 'Failed'], {
      status: { reason: 'DiskFull', message: 'ENOSPC', hint, escalation: { level: 'L1', acknowledged: false } },
    })
    const ja = await place.run(['wait', 'inc-1', '--progress'], { environment: { language: 'ja' } })
    assert.equal(ja.code, 7)
    for (const line of ja.stderr.trim().split('\n')) assert.match(line, JAPANESE, line)
    assert.doesNotMatch(ja.stderr, /error:|hint:|next:|look:/)
    assert.match(ja.stderr, /^対処: ディスクを確認してください/m)
    assert.match(ja.stderr, /^次の操作: modosu disk --target shop /m)
    const en = await place.run(['wait', 'inc-1', '--progress'], { environment: { language: 'en' } })
    assert.equal(en.code, ja.code)
    assert.doesNotMatch(en.stdout + en.stderr, JAPANESE)
  })

  it('changes no exit code and nothing that a program reads', async () => {
    for (const words of [
      ['get', 'rr', '-o', 'json'],
      ['get', 'rr'],
      ['get', 'rr', 'nothing'],
      ['frobnicate'],
      ['wait', 'inc-1', '--timeout', '200ms'],
      ['explain', 'nonsense'],
    ]) {
      const ja = await place.run(words, { environment: { language: 'ja' } })
      const en = await place.run(words, { environment: { language: 'en' } })
      assert.deepEqual([ja.code, ja.stdout], [en.code, en.stdout], words.join(' '))
    }
    const { stderr } = await place.run(['get', 'rr', 'inc-11'], { environment: { language: 'ja' } })
    assert.match(stderr, /^エラー: リストアリクエストが見つかりません: inc-11$/m)
    assert.match(stderr, /^対処: もしかして: inc-1。一覧を確認: modosu get requests/m)
  })
})
