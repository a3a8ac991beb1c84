import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, before, describe, it } from 'node:test'

import { CliContext } from '../../src/cli/context.ts'
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

async function commandNames(words: readonly string[] | null = null): Promise<string[]> {
  const environment = place.environment()
  const output = new Output(new PassThrough(), new PassThrough(), environment)
  const context = new CliContext({ environment, output, stdin: process.stdin, system: systemClock })
  const program = await createProgram(context, '0', words)
  return program.commands.map((command) => command.name())
}

/** Those of design section 8 that this program has so far. */
const EXPECTED = [
  ...['ack', 'approve', 'cancel', 'completion', 'daemon', 'describe', 'diff', 'events', 'explain', 'get', 'restore'],
  ...['resume', 'retry', 'rollback', 'schema', 'state', 'submit', 'suspend', 'validate', 'verify', 'version', 'wait'],
]

describe('the command line', () => {
  it('loads the command that it names, under each of its names, and no other', async () => {
    for (const name of await commandNames()) {
      const loaded = await commandNames(['--config', 'version', name, 'get'])
      assert.ok(loaded.includes(name), name)
      if (name !== 'completion') assert.ok(!loaded.includes('version') || name === 'version', name)
    }
    assert.deepEqual(await commandNames(['--help']), await commandNames())
    assert.deepEqual(await commandNames(['help', 'get']), await commandNames())
    assert.deepEqual(await commandNames(['gett']), await commandNames())
  })
})

describe('the help', () => {
  it('of the program lists the commands and the exit codes', async () => {
    const { code, stdout, stderr } = await place.run(['--help'])
    assert.deepEqual([code, stderr], [0, ''])
    for (const exit of [0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12]) assert.match(stdout, new RegExp(`^ +${exit}  `, 'm'))
    for (const name of EXPECTED) assert.match(stdout, new RegExp(`^  ${name} `, 'm'))
  })

  it('of every command describes it and gives an example that begins with its name', async () => {
    for (const name of await commandNames()) {
      const { code, stdout } = await place.run([name, '--help'])
      assert.equal(code, 0, name)
      assert.match(stdout, new RegExp(`Examples:\\n  # .+\\n  modosu (?:${name}|wait)`), name)
      assert.match(stdout, /--config <file>/, name)
    }
  })
})

describe('a mistake on the command line', () => {
  it('ends with 2, says what is wrong on stderr and prints nothing on stdout', async () => {
    for (const words of [
      ['frobnicate'],
      ['get'],
      ['get', 'nonsense'],
      ['get', 'requests', '--output', 'xml'],
      ['get', 'requests', '--limit', '0'],
      ['wait', 'x', '--for', 'ever'],
      ['wait', 'x', '--timeout', 'soon'],
      ['restore'],
      ['submit'],
      ['completion', 'tcsh'],
    ]) {
      const { code, stdout, stderr } = await place.run(words, { environment: { language: 'en' } })
      assert.equal(code, 2, words.join(' '))
      assert.equal(stdout, '', words.join(' '))
      assert.match(stderr, /^error: /, words.join(' '))
    }
  })

  it('is met with what was probably meant', async () => {
    assert.match((await place.run(['restor'])).stderr, /Did you mean restore\?/)
  })
})

describe('a completion script', () => {
  it('knows every command and every choice', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await place.run(['completion', shell])
      assert.equal(code, 0)
      for (const name of EXPECTED) assert.match(stdout, new RegExp(`\\b${name}\\b`), `${shell}: ${name}`)
      assert.match(stdout, /table wide json yaml name/)
    }
  })

  it('is one that its shell can read', async (test) => {
    for (const [shell, flags] of [
      ['bash', ['-n']],
      ['zsh', ['-n']],
      ['fish', ['--no-execute']],
    ] as const) {
      const { stdout } = await place.run(['completion', shell])
      const script = join(place.root, `modosu.${shell}`)
      writeFileSync(script, stdout)
      const { error, status, stderr } = spawnSync(shell, [...flags, script], { encoding: 'utf8' })
      if (error !== undefined) {
        assert.notEqual(shell, 'bash')
        test.diagnostic(`${shell} is not installed: its script was not read`)
        continue
      }
      assert.equal(status, 0, `${shell}: ${stderr}`)
    }
  })

  it('completes commands, options and choices in bash', async () => {
    const { stdout } = await place.run(['completion', 'bash'])
    const complete = (...words: string[]): string[] => {
      const ask = `COMP_WORDS=(modosu ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _modosu; printf '%s\\n' "\${COMPREPLY[@]}"`
      const { stdout: answer } = spawnSync('bash', ['-c', `${stdout}\n${ask}`], { encoding: 'utf8' })
      return answer.trim().split('\n')
    }
    assert.deepEqual(complete('roll'), ['rollback'])
    assert.deepEqual(complete('get', 'sa'), ['safety'])
    assert.deepEqual(complete('get', 'requests', '-o', 'w'), ['wide'])
    assert.deepEqual(complete('--config', '/etc/x.yaml', 'compl'), ['completion'])
  })
})
