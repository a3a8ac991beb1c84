import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { openStateReader } from '../../src/store/reader.ts'
import { Life } from './life.ts'
import { manifestOf } from './steps.ts'
import { targetsOf, World } from './world.ts'

describe('an unfinished restore whose target left the configuration', () => {
  const world = new World()
  after(() => {
    world.remove()
  })

  it('can be cancelled as long as the application was not touched', async () => {
    const before = world.contentOf(world.database('app'))
    const first = await Life.begin({ root: world.root, targets: targetsOf(world.root), clockOffsetMs: 0 })
    await first.call({ act: 'failpoint', point: 'VerifyingBackup.begin' })
    const asked = {
      name: 'r0',
      target: 'app',
      source: 'a',
      mode: 'Restore',
      confirm: true,
      backupCurrent: true,
    } as const
    const manifest = manifestOf({ ...asked, suspend: false, approvals: 0, window: 'none' }, 0)
    await first.call({ act: 'submit', manifest })
    assert.equal(await first.call({ act: 'settle' }), 'died')
    const second = await Life.begin({ root: world.root, targets: [], clockOffsetMs: 0 })
    try {
      assert.deepEqual(await second.call({ act: 'cancel', name: 'r0' }), { text: 'r0', refused: false })
      assert.deepEqual(await second.call({ act: 'settle' }), { text: '', refused: false })
      const reader = openStateReader(join(world.root, 'state'))
      assert.equal(reader.request('r0')?.phase, 'Cancelled')
      reader.close()
      assert.equal(world.contentOf(world.database('app')), before)
    } finally {
      await second.kill()
    }
  })
})
