import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { loadConfiguration } from '../../src/daemon/config.ts'
import type { Configuration } from '../../src/daemon/configuration.ts'
import { LiveConfiguration } from '../../src/daemon/live-configuration.ts'
import { Workplace } from '../cli/workplace.ts'

let place: Workplace
let configuration: Configuration

beforeEach(() => {
  place = new Workplace()
  configuration = loadConfiguration(place.config)
})

afterEach(() => {
  place.close()
})

describe('a configuration in force', () => {
  it('takes over who may do what, and how often', async () => {
    const live = new LiveConfiguration(configuration)
    const auth = { ...configuration.auth, usersFile: '/etc/modosu/users.yaml', reauth: 'never' } as const
    const api = { ...configuration.api, rateLimit: { requests: 5, windowMs: 1000 }, confirmDefault: true }
    assert.deepEqual(await live.replace({ ...configuration, auth, api }), [])
    assert.deepEqual([live.current.auth, live.current.api], [auth, api])
  })

  it('keeps what is opened once, and names each key of it', async () => {
    const live = new LiveConfiguration(configuration)
    const api = {
      ...configuration.api,
      socket: '/run/other.sock',
      listen: { host: '127.0.0.1', port: 1 },
      tls: { kind: 'self-signed' },
      trustProxy: ['127.0.0.1'],
      confirmDefault: true,
    } as const
    const kept = await live.replace({ ...configuration, api })
    assert.deepEqual(kept, ['api.socket', 'api.listen', 'api.tls', 'api.trustProxy'])
    assert.deepEqual(live.current.api, { ...configuration.api, confirmDefault: true })
  })
})
