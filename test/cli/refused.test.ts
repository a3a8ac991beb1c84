import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { makeBackup } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { until } from './until.ts'
import { manifestYaml } from './workplace.ts'

let parent: string
let installation: Installation

/** A spool with a blank in its path, and a daemon that has refused three files in it, each for another reason. */
before(async () => {
  parent = mkdtempSync(join(tmpdir(), 'modosu refused-'))
  installation = new Installation({
    root: parent,
    target: {
      service: { command: { stop: ['/bin/true', 'stop it'], start: ['/bin/true', 'start it'], status: ['/bin/true'] } },
    },
  })
  put('open.yaml', manifestYaml('inc-open', { target: 'app' }), 0o666)
  put('broken.yaml', 'spec: [\n')
  put('inc-bad.yaml', manifestYaml('inc-bad', { target: 'app' }).replace('confirm:', 'confirmed:'))
  await installation.start()
  await until(() => run('get', 'requests', '-o', 'name').stdout.split('\n').length === 4)
})

after(async () => {
  await installation.stop()
  rmSync(parent, { recursive: true, force: true })
})

function put(name: string, content: string, mode = 0o644): void {
  const path = join(installation.spool, name)
  writeFileSync(path, content)
  chmodSync(path, mode)
}

function run(...words: string[]) {
  const { status, stdout, stderr } = installation.cli(...words)
  return { code: status, stdout, stderr }
}

describe('a file that the spool refused', () => {
  it('is a row of get requests, with its name, and nothing in it is made up', () => {
    const { stdout } = run('get', 'requests')
    const rows = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(/ {3,}/).slice(0, 5))
    assert.deepEqual(rows.sort(), [
      ['broken.yaml', '<unknown>', 'Rejected', 'Unreadable', '<unknown>'],
      ['inc-bad', '<unknown>', 'Rejected', 'InvalidSpec', '<unknown>'],
      ['open.yaml', '<unknown>', 'Rejected', 'Unreadable', '<unknown>'],
    ])
    const { items } = JSON.parse(run('get', 'requests', '-o', 'json').stdout) as { items: Record<string, unknown>[] }
    assert.deepEqual(
      items.map((item) => [item['kind'], 'spec' in item]),
      items.map(() => ['RestoreRequest', false]),
    )
    assert.doesNotMatch(run('describe', 'request', 'inc-bad').stdout, /latest|^ +\w+: +(false|<none>)$/m)
  })

  it('ends a wait for its request at once, with the reason and code 7', () => {
    const open = run('wait', 'inc-open')
    assert.equal(open.code, 7)
    assert.match(open.stderr, /^error: the spool refused open\.yaml, the file of inc-open: everybody may write/m)
    assert.match(open.stderr, /^phase: Rejected, reason: Unreadable$/m)
    assert.equal(run('wait', 'broken').code, 7)
    const bad = run('wait', 'inc-bad')
    assert.equal(bad.code, 7)
    assert.match(bad.stderr, /reason: InvalidSpec/)
  })

  it('is described, and every command that a hint gives can be typed anywhere as it stands', () => {
    const quoted = (file: string): string => `modosu validate -f '${join(installation.spool, file)}'`
    assert.ok(run('describe', 'request', 'open.yaml').stdout.includes(quoted('open.yaml')))
    assert.ok(run('wait', 'inc-open').stderr.includes(quoted('open.yaml')))
    const bad = run('describe', 'request', 'inc-bad').stdout
    assert.equal(bad.split(quoted('inc-bad.yaml')).length, 3, bad)
  })
})

describe('validate', () => {
  it('says of a file in the spool what the spool says of it, and of one elsewhere what it would say', () => {
    const inside = run('validate', '-f', join(installation.spool, 'open.yaml'))
    assert.equal(inside.code, 7)
    assert.match(inside.stdout, /open\.yaml: everybody may write to the file \(chmod o-w the file\)$/m)
    assert.doesNotMatch(inside.stdout, /: ok$/m)
    const outside = join(parent, 'copy.yaml')
    writeFileSync(outside, manifestYaml('inc-copy', { target: 'app' }))
    chmodSync(outside, 0o666)
    const before = run('validate', '-f', outside)
    assert.equal(before.code, 0)
    assert.match(before.stderr, /^warning: .*everybody may write to the file.*the spool would refuse it/m)
    put('inc-txt.yaml.txt', manifestYaml('inc-txt', { target: 'app' }))
    const named = run('validate', '-f', join(installation.spool, 'inc-txt.yaml.txt'))
    assert.deepEqual([named.code, named.stderr], [7, ''])
    assert.match(named.stdout, /the spool ignores a file of this name/)
  })
})

describe('a mistake in the configuration', () => {
  it('stops no command that reads, nor one that asks the daemon; both name the line', () => {
    const good = readFileSync(installation.configFile, 'utf8')
    try {
      const one = [['get', 'requests']]
      const all = [
        ['get', 'targets'],
        ['describe', 'target', 'app'],
        ['get', 'safety'],
        ['disk'],
        ['suspend', 'inc-nobody'],
      ]
      for (const [broken, commands] of [
        [`${good}\nconcurency: 2\n`, all],
        [`${good}\ntargets: [\n`, one],
        [good.replace('kind: Configuration', 'kind'), one],
      ] as const) {
        writeFileSync(installation.configFile, broken)
        for (const words of commands) {
          const { code, stderr } = run(...words)
          assert.equal(code, words[0] === 'suspend' ? 5 : 0, `${words.join(' ')}: ${stderr}`)
          assert.match(stderr, /^warning: .*modosu\.yaml:\d+:\d+: /m)
          assert.match(stderr, /used is what the daemon last took/)
        }
        assert.equal(run('validate').code, 2)
        assert.equal(run('reload').code, 2)
      }
    } finally {
      writeFileSync(installation.configFile, good)
    }
    assert.equal(run('get', 'requests').stderr, '')
  })
})

describe('the plan of a dry run', () => {
  it('starts with the start command what it stopped with the stop command, and speaks of sizes as people do', () => {
    makeBackup(installation.backups, 'daily', '20260215_020015', { rows: 20 })
    const submitted = run('restore', '--latest', '--dry-run', '--lang', 'en')
    assert.equal(submitted.code, 0, submitted.stderr)
    assert.match(submitted.stdout, /stop the application: \/bin\/true 'stop it'$/m)
    assert.match(submitted.stdout, /start the application: \/bin\/true 'start it'$/m)
    assert.doesNotMatch(submitted.stdout, /\d bytes/)
    assert.match(submitted.stdout, /\(\d+\.\d KB\) into /)
  })
})
