import assert from 'node:assert/strict'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { removeTemporaries, replaceFile, replaceFileSync, type ReplaceOptions } from '../../src/files/replace-file.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replace-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

type Replace = (path: string, content: string, options: ReplaceOptions) => Promise<void>

const WAYS: readonly (readonly [string, Replace])[] = [
  [
    'at once',
    async (path, content, options) => {
      replaceFileSync(path, content, options)
      return Promise.resolve()
    },
  ],
  ['in the background', replaceFile],
]

for (const [how, replace] of WAYS) {
  describe(`a file that is replaced ${how}`, () => {
    it('has the new content and its mode, and nothing stays beside it', async () => {
      const path = join(folder, 'users.yaml')
      for (const content of ['old', 'a new one that is longer']) {
        await replace(path, content, { mode: 0o600 })
        assert.equal(readFileSync(path, 'utf8'), content)
      }
      assert.equal(statSync(path).mode & 0o777, 0o600)
      assert.deepEqual(readdirSync(folder), ['users.yaml'])
    })

    it('takes the place of a link, and leaves what the link names alone', async () => {
      const other = join(folder, 'other')
      writeFileSync(other, 'of somebody else')
      symlinkSync(other, join(folder, 'link'))
      await replace(join(folder, 'link'), 'mine', { mode: 0o600 })
      assert.equal(readFileSync(other, 'utf8'), 'of somebody else')
      assert.equal(readFileSync(join(folder, 'link'), 'utf8'), 'mine')
    })

    it('is what it was where it cannot be replaced, and the temporary file goes', async () => {
      const path = join(folder, 'taken')
      mkdirSync(path)
      await assert.rejects(async () => {
        await replace(path, 'x', { mode: 0o600 })
      })
      assert.deepEqual(readdirSync(folder), ['taken'])
      assert.ok(statSync(path).isDirectory())
    })

    it('may have the longest name that there is', async () => {
      const name = 'n'.repeat(255)
      await replace(join(folder, name), 'x', { mode: 0o600, durable: false })
      assert.deepEqual(readdirSync(folder), [name])
    })

    it('is one of those that were written, whole, where many write at once', async () => {
      const path = join(folder, 'shared')
      const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000))
      await Promise.all(contents.map((content) => replace(path, content, { mode: 0o600, durable: false })))
      assert.ok(contents.includes(readFileSync(path, 'utf8')))
      assert.deepEqual(readdirSync(folder), ['shared'])
    })
  })
}

describe('temporary files that a killed process left', () => {
  it('are removed, and nothing else is', () => {
    for (const name of [`.modosu-${'0a'.repeat(12)}.tmp`, '.modosu-state-1.tmp', 'other.tmp']) {
      writeFileSync(join(folder, name), 'x')
    }
    removeTemporaries(folder)
    assert.deepEqual(readdirSync(folder).sort(), ['.modosu-state-1.tmp', 'other.tmp'])
    removeTemporaries(join(folder, 'missing'))
  })
})
