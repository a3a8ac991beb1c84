import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { JAPANESE, said } from '../../src/cli/translation/japanese.ts'
import { COMMANDER } from '../../src/cli/translation/ja/commander.ts'
import { filled, partsOf } from '../../src/cli/translation/template.ts'
import { Translator } from '../../src/cli/translation/translator.ts'
import { allTemplates, spokenTexts, strayJapanese } from './spoken-texts.ts'

const entries = JAPANESE.flatMap((area) => Object.entries(area))
const known = new Map(entries)
const WHERE = 'src/cli/translation/ja/ (the file of its area)'
const IS_JAPANESE = /[ぁ-んァ-ヶ一-龠、。（）]/

describe('every text that a person is shown', () => {
  it('has a Japanese counterpart', () => {
    const missing = spokenTexts().filter(({ template }) => !known.has(template))
    assert.equal(
      missing.map(({ template, place }) => `${place}: ${quoted(template)}: '…',`).join('\n'),
      '',
      `these texts have no translation: add each line to ${WHERE}, with the Japanese for '…'; a literal that no person ` +
        'is shown is named in test/cli/spoken-texts.ts',
    )
  })

  it('is said somewhere: no translation is left of one that is not', () => {
    const templates = allTemplates()
    const commander = readCommander()
    const stale = entries.filter(
      ([english]) =>
        !templates.has(english) &&
        !(
          english in COMMANDER &&
          partsOf(english).texts.every((part) => part.split(', ').every((piece) => commander.includes(piece.trim())))
        ),
    )
    assert.equal(
      stale.map(([english]) => quoted(english)).join('\n'),
      '',
      `no source says these any more: remove their lines from ${WHERE}`,
    )
  })

  it('is in one area of the catalogue only, with the placeholders of the English and in Japanese', () => {
    assert.equal(known.size, entries.length, 'a text stands in two files of src/cli/translation/ja/')
    for (const [english, japanese] of entries) {
      const [from, to] = [partsOf(english), partsOf(japanese)]
      assert.match(japanese, IS_JAPANESE, english)
      assert.doesNotMatch(english, IS_JAPANESE)
      for (const placeholder of to.placeholders) {
        assert.ok(from.placeholders.includes(placeholder), `${english}: there is no {${placeholder}}`)
      }
      from.placeholders.forEach((placeholder, index) => {
        const ending = /\p{Ll}$/u.test(from.texts[index] ?? '')
        assert.ok(ending || to.placeholders.includes(placeholder), `${english}: {${placeholder}} is lost`)
        // Where one ends and the next begins cannot be told: they stay together.
        if (index === 0 || from.texts[index] !== '') return
        assert.ok(
          japanese.includes(`{${from.placeholders[index - 1] ?? ''}}{${placeholder}}`),
          `${english}: keep {${index - 1}}{${index}} together`,
        )
      })
    }
  })

  it('is recognised by its template, whatever the values, and by no other', () => {
    for (const [english, japanese] of entries) {
      const { placeholders } = partsOf(english)
      const values = placeholders.map((_, index) => `/v${index}/x-y_${index}.db`)
      if (english.includes('}{')) continue
      assert.equal(said(filled(english, values), 'ja'), filled(japanese, values), english)
      assert.equal(said(filled(english, values), 'en'), filled(english, values))
    }
  })

  it('is English where it is made: an English output has no Japanese', () => {
    assert.deepEqual(strayJapanese(), [])
  })
})

describe('a translator', () => {
  const translator = new Translator({
    'cannot read {0}: {1}': '{0} を読み取れません: {1}',
    'it is a directory': 'ディレクトリです',
    'must be {0}, not {1}': '{1} ではなく {0} である必要があります',
    'true or false': 'true または false',
    'did you mean {0}?': 'もしかして: {0}',
    'One. Two {} of them.': '一つ。二つ。',
    '{0} item{1} deleted': '{0} 件を削除しました',
  })
  const say = (text: string): string => translator.say(text)

  it('says a text, and the texts inside its placeholders', () => {
    assert.equal(say('cannot read /a b: it is a directory'), '/a b を読み取れません: ディレクトリです')
    assert.equal(say('2 items deleted'), '2 件を削除しました')
    assert.equal(say('cannot read x: ENOENT: no such file'), 'x を読み取れません: ENOENT: no such file')
  })

  it('says each line of several, and the parts of what was joined', () => {
    assert.equal(
      say('a.yaml:3:5: spec.confirm: must be true or false, not "x" (did you mean y?)\n  # it is a directory'),
      'a.yaml:3:5: spec.confirm: "x" ではなく true または false である必要があります（もしかして: y）\n  # ディレクトリです',
    )
    assert.equal(say('it is a directory; it is a directory'), 'ディレクトリです。ディレクトリです')
  })

  it('says the first sentence of several as a summary', () => {
    assert.equal(say('One'), '一つ')
    assert.equal(say('One. Two {} of them.'), '一つ。二つ。')
  })

  it('takes no time for a text that was made to be divided without end', () => {
    const text = `${' (a: b; '.repeat(500)}${')'.repeat(500)}`
    assert.equal(say(text), text)
  })

  it('leaves what it does not know, and what is said already, as it is', () => {
    for (const text of [
      '',
      ' ',
      '\n',
      'Backup not found: x',
      'ディレクトリです',
      'modosu get backups; x (y)',
      'a: b; c',
    ]) {
      assert.equal(say(text), text)
    }
  })
})

function quoted(text: string): string {
  return JSON.stringify(text)
}

function readCommander(): string {
  const folder = join('node_modules', 'commander', 'lib')
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll(/\$\{[^}]*\}/g, ''))
    .join('\n')
}
