import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { Installation } from '../support/installation.ts'

const UNSHARE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const MISSING = spawnSync(UNSHARE[0]!, [...UNSHARE.slice(1), 'true']).status === 0 ? false : 'unshare --pid needs root'

let place: Installation

beforeEach(() => {
  place = new Installation()
})
afterEach(async () => {
  await place.remove()
})

describe('the daemon in a PID namespace', { skip: MISSING }, () => {
  it('of its own says that it cannot see who has a database open outside of it', async () => {
    await place.start(UNSHARE)
    assert.match(place.log(), /"level":"warn"[^\n]*PID namespace of its own/)
  })
})
