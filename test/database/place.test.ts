import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { sameFile, unchanged } from '../../src/database/place.ts'

describe('the note of a file', () => {
  const noted = { dev: '1793', ino: '42', sizeBytes: 4096, mtimeNs: '7' }

  it('still speaks of it after a boot that has given its disk another number', () => {
    assert.ok(sameFile({ ...noted, dev: '1794' }, noted))
    assert.ok(unchanged({ ...noted, dev: '1794' }, noted))
  })

  it('does not speak of another file, nor of one that was written to as unchanged', () => {
    assert.ok(!sameFile({ ...noted, ino: '43' }, noted))
    assert.ok(!unchanged({ ...noted, mtimeNs: '8' }, noted))
    assert.ok(!sameFile(null, noted))
  })
})
