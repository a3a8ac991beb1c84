import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { discardStaged, identityOf, sameFile, surelySameFile, unchanged } from '../../src/database/place.ts'

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

  it('does not speak of a file that was given the number of one that is gone', () => {
    const born = { ...noted, birthNs: '5' }
    assert.ok(sameFile({ ...born, mtimeNs: '9' }, born))
    assert.ok(!sameFile({ ...noted, birthNs: '8' }, born))
    assert.ok(!unchanged({ ...noted, birthNs: '8' }, born))
  })

  it('is understood without a time of birth, as older versions wrote it and some file systems keep it', () => {
    assert.ok(sameFile({ ...noted, birthNs: '5' }, noted))
    assert.ok(!surelySameFile({ ...noted, birthNs: '5' }, noted))
  })

  it('knows a file after it was linked, written to and given away, and no other that gets its number', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modosu-place-'))
    try {
      const [path, second] = [join(folder, 'a'), join(folder, 'b')]
      writeFileSync(path, 'one')
      const first = await identityOf(path)
      linkSync(path, second)
      appendFileSync(path, ' and more')
      chmodSync(path, 0o600)
      assert.ok(sameFile(await identityOf(second), first))
      // Of a file system that hands the number out again at once (ext4 does), the next file is another one all the same.
      for (const name of [path, second]) rmSync(name)
      for (let number = 0; number < 20; number += 1) {
        const next = join(folder, String(number))
        writeFileSync(next, 'other')
        appendFileSync(next, ', later')
        const found = await identityOf(next)
        if (found?.birthNs !== undefined) assert.ok(!sameFile(found, first), JSON.stringify([found, first]))
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('decides what is removed as a staged file: another one under the name is left alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modosu-place-'))
    try {
      const staged = join(folder, 'app.db.modosu-r.new')
      writeFileSync(staged, 'ours')
      const made = await identityOf(staged)
      writeFileSync(`${staged}.other`, 'theirs')
      renameSync(`${staged}.other`, staged)
      writeFileSync(`${staged}-wal`, 'theirs')
      await discardStaged(staged, made)
      assert.deepEqual(readdirSync(folder), ['app.db.modosu-r.new', 'app.db.modosu-r.new-wal'])
      await discardStaged(staged, await identityOf(staged))
      assert.deepEqual(readdirSync(folder), [])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
