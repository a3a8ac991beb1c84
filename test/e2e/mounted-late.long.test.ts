import assert from 'node:assert/strict'
import { afterEach, describe, it, type TestContext } from 'node:test'

import { LateMount } from '../support/late-mount.ts'

describe('a target whose file system is mounted late', () => {
  let late: LateMount | null = null
  afterEach(async () => {
    await late?.remove()
    late = null
  })

  function mounted(context: TestContext): LateMount | null {
    late = new LateMount()
    if (late.mount()) return late
    context.skip('file systems can be mounted by root only')
    return null
  }

  it('after a death right behind the swap: the restore waits, and ends as it would have', async (context) => {
    await mounted(context)?.dieAndMountLate('Swapping.renamed')
  })

  it('after a death in the rollback: the old database is back once the mount is', async (context) => {
    const healthCheck = { url: 'http://127.0.0.1:9/', timeout: '1s' }
    await mounted(context)?.dieAndMountLate('RollingBack.aside', { healthCheck })
  })

  it('before the start: the request waits instead of being rejected', async (context) => {
    const place = mounted(context)
    if (place === null) return
    const { installation } = place
    place.unmount()
    await installation.start()
    installation.drop('inc-1', { source: { latest: {} } })
    await installation.when('inc-1', ({ status }) => status.reason === 'TargetUnavailable')
    assert.ok(place.mount())
    assert.equal((await installation.ended('inc-1')).phase, 'Succeeded')
  })
})
