import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { openStateReader } from '../../src/store/reader.ts'
import { Life } from './life.ts'
import { manifestOf, type Wish } from './steps.ts'
import { targetsOf, World } from './world.ts'

const ASKED = {
  target: 'app',
  mode: 'Restore',
  backupCurrent: true,
  suspend: false,
  approvals: 0,
  window: 'none',
} as const

describe('a request that is edited while its first spec is looked at', () => {
  const world = new World()
  after(() => {
    world.remove()
  })

  async function edited(name: Wish['name'], first: Partial<Wish>, second: Partial<Wish>) {
    const life = await Life.begin({ root: world.root, targets: targetsOf(world.root), clockOffsetMs: 0 })
    try {
      const wish = { ...ASKED, name, source: 'a', confirm: true } as const
      // Not awaited: the edit arrives while the first spec is looked at.
      const calls = [first, second].map((part) =>
        life.call({ act: 'apply', manifest: manifestOf({ ...wish, ...part }, 0) }),
      )
      await Promise.all(calls)
      assert.deepEqual(await life.call({ act: 'settle' }), { text: '', refused: false })
      const reader = openStateReader(join(world.root, 'state'))
      const request = reader.request(name)
      reader.close()
      return [request?.generation, request?.phase, request?.status.reason]
    } finally {
      await life.kill()
    }
  }

  it('is not begun by the confirmation of the spec of before', async () => {
    const before = world.contentOf(world.database('app'))
    assert.deepEqual(await edited('r0', {}, { confirm: false }), [2, 'Rejected', 'ConfirmationRequired'])
    assert.equal(world.contentOf(world.database('app')), before)
  })

  it('is not rejected for what was wrong with it', async () => {
    assert.deepEqual(await edited('r1', { source: 'missing' }, {}), [2, 'Succeeded', 'RestoreCompleted'])
  })
})
