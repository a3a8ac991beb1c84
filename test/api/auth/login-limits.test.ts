import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Login } from '../../../src/api/auth/login.ts'
import { UserDirectory } from '../../../src/api/auth/user-directory.ts'
import { TooManyRequests } from '../../../src/api/limits.ts'
import type { LoginFailure } from '../../../src/telemetry/telemetry.ts'

const WINDOW_MS = 900_000

/** Without users, every password is wrong: what is asked here is how many of them are looked at. */
function guesser() {
  const state = { nowMs: 1_000_000_000, looks: 0, isFull: false }
  const failures: LoginFailure[] = []
  const login = new Login({
    users: new UserDirectory(null, { info: () => undefined, error: () => undefined }),
    clock: { nowMs: () => state.nowMs },
    failed: (reason) => failures.push(reason),
    passwords: {
      matches: () => {
        if (state.isFull) return Promise.reject(new TooManyRequests(1))
        state.looks += 1
        return Promise.resolve(false)
      },
    },
  })
  /** @returns how many of them were looked at. */
  const guess = async (times: number, name: string, address: string): Promise<number> => {
    const before = state.looks
    for (let index = 0; index < times; index += 1) {
      const expected = state.looks
      await assert.rejects(login.prove(name, 'wrong', address), ({ reason }: { reason: string }) => {
        return reason === (state.looks > expected ? 'Unauthorized' : 'TooManyRequests')
      })
    }
    return state.looks - before
  }
  return { state, failures, guess }
}

describe('the limits of logging in', () => {
  it('look at ten guesses of a user from an address, at fifty from an address, at a hundred of a user', async () => {
    const { guess } = guesser()
    assert.equal(await guess(30, 'admin', '192.0.2.1'), 10)
    let ofAddress = 10
    for (let user = 0; user < 10; user += 1) ofAddress += await guess(30, `user${user}`, '192.0.2.1')
    assert.equal(ofAddress, 50)
    let ofUser = 10
    for (let host = 2; host < 30; host += 1) ofUser += await guess(30, 'admin', `192.0.2.${host}`)
    assert.equal(ofUser, 100)
  })

  it('lets a user in from his own address, however long two others go on after their limit', async () => {
    const { guess } = guesser()
    for (const address of ['192.0.2.1', '192.0.2.2']) assert.equal(await guess(500, 'admin', address), 10)
    assert.equal(await guess(1, 'admin', '198.51.100.7'), 1)
  })

  it('take all addresses of one IPv6 network for one client', async () => {
    const { guess } = guesser()
    let looks = 0
    for (let host = 1; host < 30; host += 1) looks += await guess(10, 'admin', `2001:db8:0:1::${host}`)
    assert.equal(looks, 10)
    assert.equal(await guess(1, 'admin', '2001:db8:0:2::1'), 1)
  })

  it('count no password that was not looked at because too many waited', async () => {
    const { state, failures, guess } = guesser()
    assert.equal(await guess(5, 'admin', '192.0.2.1'), 5)
    state.isFull = true
    assert.equal(await guess(500, 'admin', '192.0.2.1'), 0)
    state.isFull = false
    // Nor does it give back the guesses before.
    assert.equal(await guess(30, 'admin', '192.0.2.1'), 5)
    assert.equal(failures.filter((reason) => reason === 'rate_limited').length, 525)
  })

  it('begin anew after the window', async () => {
    const { state, guess } = guesser()
    for (const byMs of [0, WINDOW_MS]) {
      state.nowMs += byMs
      assert.equal(await guess(11, 'admin', '192.0.2.1'), 10)
    }
  })
})
