import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { ensureStateFolder } from '../../src/files/state-folder.ts'

const DAEMON = 4242
const skip = process.geteuid?.() === 0 ? false : 'takes root: nobody else can give a folder away'

describe('a folder inside the state directory', () => {
  let state: string

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'modosu-state-'))
  })
  afterEach(() => {
    rmSync(state, { recursive: true })
  })

  function ownerOf(path: string): readonly [number, number, number] {
    const { uid, gid, mode } = lstatSync(path)
    return [uid, gid, mode & 0o7777]
  }

  it('is made once, with its mode, and found again', () => {
    const path = ensureStateFolder(state, 'scratch', 0o700)
    assert.equal(path, join(state, 'scratch'))
    assert.equal(statSync(path).mode & 0o7777, 0o700)
    assert.equal(ensureStateFolder(state, 'scratch', 0o755), path)
    assert.equal(statSync(path).mode & 0o7777, 0o700)
    assert.throws(() => ensureStateFolder(join(state, 'nowhere'), 'scratch', 0o700), { code: 'ENOENT' })
  })

  it('belongs to whom the state directory belongs, whoever makes it', { skip }, () => {
    chownSync(state, DAEMON, DAEMON + 1)
    ensureStateFolder(state, 'scratch', 0o700)
    assert.deepEqual(ownerOf(join(state, 'scratch')), [DAEMON, DAEMON + 1, 0o700])
  })

  it('is given back where root has taken it before', { skip }, () => {
    mkdirSync(join(state, 'scratch'), { mode: 0o700 })
    chownSync(state, DAEMON, DAEMON)
    ensureStateFolder(state, 'scratch', 0o700)
    assert.deepEqual(ownerOf(join(state, 'scratch')), [DAEMON, DAEMON, 0o700])
  })

  it('is left alone where it is a link, or another user’s', { skip }, () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'modosu-elsewhere-'))
    chmodSync(elsewhere, 0o755)
    chownSync(state, DAEMON, DAEMON)
    symlinkSync(elsewhere, join(state, 'scratch'))
    lchownSync(join(state, 'scratch'), DAEMON, DAEMON)
    assert.equal(ensureStateFolder(state, 'scratch', 0o700), elsewhere)
    assert.deepEqual(ownerOf(elsewhere), [0, 0, 0o755])
    rmSync(elsewhere, { recursive: true })
    mkdirSync(join(state, 'other'))
    chownSync(join(state, 'other'), 77, 77)
    ensureStateFolder(state, 'other', 0o700)
    assert.deepEqual(ownerOf(join(state, 'other')).slice(0, 2), [77, 77])
  })
})
