import { describe, it } from 'node:test'

import { LateMount } from '../support/late-mount.ts'

const POINTS = ['Swapping.begin', 'Swapping.linked', 'Swapping.noted', 'Swapping.ready', 'VerifyingRestored.begin']
const LATER = ['Resuming.begin', 'Resuming.started', 'Resuming.healthy', 'Resuming.settled']
const BACK = ['RollingBack.begin', 'RollingBack.back']

describe('a target whose file system is mounted late, at every point', () => {
  for (const point of [...POINTS, ...LATER, ...BACK]) {
    it(`after a death at ${point}`, async (context) => {
      const late = new LateMount()
      try {
        if (!late.mount()) {
          context.skip('file systems can be mounted by root only')
          return
        }
        const healthCheck = { url: 'http://127.0.0.1:9/', timeout: '1s' }
        await late.dieAndMountLate(point, BACK.includes(point) ? { healthCheck } : {})
      } finally {
        await late.remove()
      }
    })
  }
})
