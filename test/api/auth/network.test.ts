import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { PendingLogins } from '../../../src/api/auth/pending-logins.ts'
import { networkOf } from '../../../src/domain/network.ts'

describe('the network of an address', () => {
  it('is the address for IPv4, also through a socket of IPv6, and the /64 for IPv6', () => {
    const cases = [
      ['192.0.2.7', '192.0.2.7'],
      ['::ffff:192.0.2.7', '192.0.2.7'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
      ['2001:db8::1:2:3:4', '2001:db8:0:0::/64'],
      ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
      ['fe80::1%eth0', 'fe80:0:0:0::/64'],
      ['::1', '0:0:0:0::/64'],
      ['', ''],
    ]
    for (const [address = '', network] of cases) assert.equal(networkOf(address), network, address)
  })
})

describe('a login that was begun at an issuer', () => {
  it('is not pushed out by the thousands that somebody else begins', () => {
    const pending = new PendingLogins({ nowMs: () => 1 })
    const login = { nonce: 'n', codeVerifier: 'v', returnTo: '/', reauthentication: null }
    pending.add('honest', 'browser', '192.0.2.7', login)
    for (let index = 0; index < 3000; index += 1)
      pending.add(`flood${index}`, 'x', `2001:db8::${index.toString(16)}`, login)
    assert.equal(pending.take('flood0', 'x'), undefined)
    assert.equal(pending.take('flood2999', 'x')?.nonce, 'n')
    assert.equal(pending.take('honest', 'browser')?.nonce, 'n')
    assert.equal(pending.take('honest', 'browser'), undefined)
  })
})
