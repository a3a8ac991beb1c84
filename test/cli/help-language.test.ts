import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { after, before, describe, it } from 'node:test'

import type { Command } from 'commander'

import { CliContext } from '../../src/cli/context.ts'
import { displayWidth } from '../../src/cli/display-width.ts'
import { wrapped } from '../../src/cli/help-language.ts'
import { Output } from '../../src/cli/output.ts'
import { createProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { Workplace } from './workplace.ts'

let place: Workplace
before(() => {
  place = new Workplace()
})
after(() => {
  place.close()
})

const JAPANESE = /[ぁ-んァ-ヶ一-龠]/
const ENGLISH = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/
/** What can be typed is the same in both. */
const TYPED = /^\s*(modosu |使い方: ).*$|`[^`]*`|modosu [a-z]+( [a-z.]+)?|systemctl [a-z]+ modosu/g

function commandLines(command: Command, words: readonly string[] = []): (readonly string[])[] {
  return [words, ...command.commands.flatMap((each) => commandLines(each, [...words, each.name()]))]
}

function program(): Promise<Command> {
  const environment = place.environment()
  const output = new Output(new PassThrough(), new PassThrough(), environment)
  return createProgram(new CliContext({ environment, output, stdin: process.stdin, system: systemClock }), '0')
}

describe('the help, and an error of usage, of every command', () => {
  it('is in the language of the command from its first line to its last', async () => {
    const asked = commandLines(await program()).flatMap((words) => [
      [...words, '--help'],
      [...words, '--no-such-option'],
    ])
    assert.ok(asked.length > 50)
    for (const words of asked) {
      const told = async (language: 'ja' | 'en') => {
        const { code, stdout, stderr } = await place.run(words, { environment: { language } })
        return { code, text: stdout + stderr }
      }
      const [ja, en] = [await told('ja'), await told('en')]
      assert.equal(ja.code, en.code)
      assert.doesNotMatch(en.text, JAPANESE, words.join(' '))
      for (const line of ja.text.split('\n')) {
        assert.doesNotMatch(line.replaceAll(TYPED, ''), ENGLISH, `${words.join(' ')}: ${line}`)
      }
    }
  })

  it('is in the language of the configuration that is named', async () => {
    const { stderr } = await place.run(['get', '--bogus'], { environment: { localeLanguage: 'ja' } })
    assert.match(stderr, /^エラー: 不明なオプション: --bogus$/m)
  })
})

describe('a Japanese line', () => {
  it('is broken between words, within its width, and parts nothing that can be typed', () => {
    const text =
      '対象ごとに、データベース（バックアップ）の `modosu get backups --target itsm-nexus` を表示します。--dry-run では、何も変更しません。'
    for (const width of [40, 50, 60, 80]) {
      const lines = wrapped(text, width).split('\n')
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
      for (const line of lines) {
        assert.ok(displayWidth(line) <= width, line)
        assert.doesNotMatch(line, /^[、。）]|[（]$/)
      }
      assert.match(wrapped(text, width), /--dry-run/)
      assert.match(wrapped(text, width), /itsm-nexus/)
    }
  })
})
