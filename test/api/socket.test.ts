import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

import { RestoreError } from '../../src/domain/errors.ts'
import { Workplace } from '../cli/workplace.ts'
import { openDoor, send } from './door.ts'

let place: Workplace

beforeEach(() => {
  place = new Workplace()
})

afterEach(() => {
  place.close()
})

function isUnavailable(why: RegExp) {
  return (error: unknown): boolean =>
    error instanceof RestoreError && error.reason === 'SocketUnavailable' && why.test(error.message)
}

describe('the socket file', () => {
  it('is for its owner and group alone, whatever the mask of the process', async () => {
    const before = process.umask(0)
    try {
      const door = await openDoor(place)
      assert.equal(statSync(place.socket).mode & 0o7777, 0o660)
      assert.equal(process.umask(before), 0)
      await door.close()
    } finally {
      process.umask(before)
    }
  })

  it('goes when the socket is closed, and its missing directory is made', async () => {
    const socket = join(place.root, 'run', 'deep', 'api.sock')
    const door = await openDoor({ store: place.store, config: place.config, socket })
    assert.equal((await send(socket, 'GET', '/healthz')).status, 200)
    await door.close()
    assert.equal(existsSync(socket), false)
  })

  it('of a daemon that was killed is taken over', async () => {
    const leave = `require('net').createServer().listen(${JSON.stringify(place.socket)}, () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', leave])
    assert.equal(existsSync(place.socket), true)
    const door = await openDoor(place)
    assert.equal((await send(place.socket, 'GET', '/healthz')).status, 200)
    await door.close()
  })

  it('of a living daemon is left alone', async () => {
    const first = await openDoor(place)
    await assert.rejects(openDoor(place), isUnavailable(/another daemon answers/))
    assert.equal((await send(place.socket, 'GET', '/healthz')).status, 200)
    await first.close()
  })

  it('is never made in place of another file', async () => {
    writeFileSync(place.socket, 'precious')
    await assert.rejects(openDoor(place), isUnavailable(/not a socket/))
    assert.equal(readFileSync(place.socket, 'utf8'), 'precious')
  })

  it('must have a path that the kernel takes', async () => {
    const socket = join(place.root, 'x'.repeat(120), 'api.sock')
    await assert.rejects(openDoor({ store: place.store, config: place.config, socket }), isUnavailable(/107 bytes/))
  })
})

it('closes beside a client that keeps its connection open', async () => {
  const door = await openDoor(place)
  const client = connect(place.socket)
  await new Promise((resolve) => client.once('connect', resolve))
  const gone = new Promise((resolve) => client.once('close', resolve))
  await door.close()
  await gone
  rmSync(place.socket, { force: true })
})
