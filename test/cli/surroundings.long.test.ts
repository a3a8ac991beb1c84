import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { MAIN, Workplace } from './workplace.ts'

let place: Workplace

before(() => {
  place = new Workplace()
  place.request('inc-1')
})
after(() => {
  place.close()
})

/** Runs a shell line in which `modosu` is the program. */
function shell(line: string, options: { readonly uid?: number } = {}) {
  const script = `modosu() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], {
    encoding: 'utf8',
    cwd: '/',
    env: { PATH: process.env['PATH'], MODOSU_CONFIG: place.config },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  return { code: status, stdout, stderr }
}

/** Frames of a stack as Node.js prints them. */
const STACK = /^ {4}at |node:internal|Node\.js v\d/m

describe('whatever the process lacks, the program says so in a line and prints no stack', () => {
  it('when it may open too few files', () => {
    // How many are too few depends on Node.js: 20 needs more than 32, 24 does with fewer.
    for (const files of [32, 64]) {
      const { code, stderr } = shell(`ulimit -n ${files}; modosu get requests`)
      if (code === 0) continue
      assert.equal(code, 1, stderr)
      assert.match(stderr, /^error: .*EMFILE|^error: .*too many open files/m)
      assert.match(stderr, /^hint: .*ulimit -n/m)
      assert.doesNotMatch(stderr, STACK)
    }
  })

  it('when the disk behind stdout is full', () => {
    const { code, stderr } = shell('modosu get requests -o yaml > /dev/full')
    assert.deepEqual(
      [code, stderr],
      [1, 'error: the output could not be written: ENOSPC: no space left on device, write\n'],
    )
  })

  it('when stdin, stdout or HOME is not there, or the reader goes away', () => {
    for (const line of ['modosu get requests >&-', 'modosu get requests <&-', 'modosu schema | head -c 10']) {
      const { code, stderr } = shell(line)
      assert.deepEqual([code, stderr], [0, ''], line)
    }
    assert.equal(shell('modosu validate -f - <&-').code, 7)
  })

  const unprivileged = process.getuid?.() === 0 ? false : 'it takes root to become somebody else'
  it('when it may not look into the state directory', { skip: unprivileged }, () => {
    chmodSync(place.stateDir, 0o700)
    const { code, stderr } = shell('modosu get requests', { uid: 65534 })
    assert.equal(code, 5)
    assert.match(stderr, /^error: the state store .* cannot be read: EACCES/m)
    assert.match(stderr, /^hint: run the command as root/m)
    assert.doesNotMatch(stderr, STACK)
  })
})
