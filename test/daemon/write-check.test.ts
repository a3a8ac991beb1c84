import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { writeCheck } from '../../src/daemon/write-check.ts'
import { mountTmpfs } from '../support/mounts.ts'

describe('the readiness of the state directory', () => {
  it('ends when its disk is full, and comes back when it is not', async (context) => {
    const root = mkdtempSync(join(tmpdir(), 'modosu-full-'))
    const state = join(root, 'state')
    const mount = mountTmpfs(state, 512)
    try {
      if (mount === null) {
        context.skip('a small file system can be mounted by root only')
        return
      }
      let nowMs = 0
      const probe = writeCheck('state', state, () => nowMs)
      await probe.check()
      writeFileSync(join(state, 'ballast'), Buffer.alloc(480 * 1024))
      nowMs += 10_000
      await assert.rejects(Promise.resolve(probe.check()), { reason: 'InsufficientSpace', message: /ENOSPC/ })
      assert.equal(existsSync(join(state, '.readyz.probe')), false)
      rmSync(join(state, 'ballast'))
      nowMs += 10_000
      await probe.check()
      assert.deepEqual(readdirSync(state), [])
    } finally {
      mount?.unmount()
      rmSync(root, { recursive: true, force: true })
    }
  })
})
