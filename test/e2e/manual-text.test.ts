/** The commands that the other tests run are those of the manual, word for word, where its text is at hand. */

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import * as commands from './manual-commands.ts'

/** The folder of the manual; beside the repository where nothing else is said. */
const FOLDER = process.env['MODOSU_MANUAL'] ?? fileURLToPath(new URL('../../../../shared/manual', import.meta.url))
const NAME = /^OP-BKP-RST-001.*\.md$/

function manual(): string | null {
  if (!existsSync(FOLDER)) return null
  const name = readdirSync(FOLDER).find((each) => NAME.test(each))
  return name === undefined ? null : readFileSync(join(FOLDER, name), 'utf8')
}

/** Each command that asks the API, from its first line to the one that ends it: no backslash and no open quote there. */
function curls(shell: string): readonly string[] {
  const found: string[] = []
  let open: string | null = null
  for (const line of shell.split('\n')) {
    if (open === null && !/(^|\()curl /.test(line)) continue
    open = open === null ? line : `${open}\n${line}`
    if (line.endsWith('\\') || open.split("'").length % 2 === 0) continue
    found.push(open)
    open = null
  }
  return found
}

function shellOf(markdown: string): string {
  return Array.from(markdown.matchAll(/^```bash\n([\s\S]*?)^```/gm), ([, block = '']) => block).join('\n')
}

describe('the commands of the manual', () => {
  const text = manual()

  it('are those of its text, all of them', { skip: text === null ? 'the manual is not at hand' : false }, () => {
    const { HOST, ...copied } = commands
    const ours = new Set(Object.values(copied).flatMap(curls))
    const theirs = new Set(curls(shellOf(text ?? '')))
    assert.deepEqual([...ours].sort(), [...theirs].sort())
    for (const command of theirs) assert.ok(command.includes(HOST), command)
  })

  it('are told apart where one goes over several lines', () => {
    const shell = 'x=1\ncurl a \\\n  -d \'{\n  "b": 1\n}\' | jq .\nT=$(curl b | jq .)\necho curl\n'
    assert.deepEqual(curls(shell), ['curl a \\\n  -d \'{\n  "b": 1\n}\' | jq .', 'T=$(curl b | jq .)'])
  })
})
