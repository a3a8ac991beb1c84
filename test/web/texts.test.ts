import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { TEXTS, WARNING } from '../../src/domain/messages.ts'
import { EN } from '../../src/web/texts/en.ts'
import { JA } from '../../src/web/texts/ja.ts'

const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u
/** The name of the program. */
const SAME: readonly string[] = ['product']

/** Every text with its path, functions with something filled in. */
function texts(catalog: object, path: readonly string[] = []): readonly (readonly [string, string])[] {
  return Object.entries(catalog).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key]
    if (typeof value === 'string') return [[here.join('.'), value] as const]
    if (typeof value === 'function') {
      const say = value as (...values: readonly unknown[]) => string
      return [[here.join('.'), say(...Array.from({ length: say.length }, () => 7))] as const]
    }
    return texts(value as object, here)
  })
}

describe('the texts of the page', () => {
  it('are there in both languages, each in its own', () => {
    const [english, japanese] = [new Map(texts(EN)), new Map(texts(JA))]
    assert.deepEqual([...japanese.keys()].sort(), [...english.keys()].sort())
    for (const [path, text] of english) {
      if (path !== 'units.join') assert.notEqual(text, '', path)
      assert.doesNotMatch(text, JAPANESE, path)
    }
    for (const [path, text] of japanese) {
      // What only joins values says nothing.
      if (!SAME.includes(path) && /\p{L}/u.test(text)) assert.match(text, JAPANESE, path)
    }
  })

  it('are, of the dialog, the progress and the result, the ones of the manual (3.2)', () => {
    const { heading, overwritten, automaticBackup, question, cancel, execute } = WARNING.ja
    assert.equal(heading, 'WARNING: データベースリストア')
    assert.deepEqual(overwritten, ['この操作により、現在のデータベースが以下のバックアップで', '上書きされます:'])
    assert.equal(automaticBackup, '現在のデータベースはリストア前に自動的にバックアップされます。')
    assert.deepEqual([question, cancel, execute], ['本当にリストアを実行しますか?', 'キャンセル', '実行'])
    assert.equal(TEXTS.ja.reloadButton, 'リロード')
  })
})
