import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { Accounts } from './accounts.ts'

const PAIRS = 25
/** Of the median; another program on the machine is slower than any difference that one could use. */
const TOLERANCE = 0.25

let accounts: Accounts

before(async () => {
  accounts = await Accounts.open()
})

after(() => accounts.close())

async function takesMs(username: string, password: string): Promise<number> {
  // The limits of guesses are not what is measured.
  accounts.place.nowMs += 900_000
  const startMs = performance.now()
  const { status } = await accounts.door.call('POST', '/api/v1/auth/login', {}, { username, password })
  assert.equal(status, 401)
  return performance.now() - startMs
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

describe('the time that a refused login takes', () => {
  it('is the same for a wrong user, a disabled one, and a wrong password', async (context) => {
    const times: Record<string, number[]> = { 'wrong password': [], 'wrong user': [], 'disabled user': [] }
    await takesMs('admin', 'warm')
    // By turns, so that what else the machine does falls on all of them.
    for (let pair = 0; pair < PAIRS; pair += 1) {
      times['wrong password']?.push(await takesMs('admin', 'wrong horse battery'))
      times['wrong user']?.push(await takesMs(`nobody${pair}`, 'wrong horse battery'))
      times['disabled user']?.push(await takesMs('gone', 'wrong horse battery'))
    }
    const medians = Object.entries(times).map(([what, values]) => ({ what, ms: medianOf(values) }))
    context.diagnostic(medians.map(({ what, ms }) => `${what} ${ms.toFixed(1)} ms`).join(', '))
    const [first = { ms: NaN }] = medians
    for (const { what, ms } of medians) {
      assert.ok(Math.abs(ms - first.ms) <= TOLERANCE * first.ms, `${what}: ${ms} ms beside ${first.ms} ms`)
    }
  })
})
