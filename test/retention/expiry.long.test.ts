import { describe, it } from 'node:test'

import { shrinks } from './expiry.ts'

describe('ten thousand requests that have ended', () => {
  it('shrink to those within their time, the audit log whole, and none of their files runs again', async () => {
    await shrinks(10_000)
  })
})
