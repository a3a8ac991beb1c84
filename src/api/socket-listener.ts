/** Binds a server to a unix socket that only owner and group may use, in place of a dead daemon's one and never of a living one's. */

import { lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'

import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'

/** unix(7): sun_path holds 108 bytes with the final zero. */
const LONGEST_PATH_BYTES = 107
const PROBE_MS = 1000

/**
 * Listens on the path, mode 0660 from its first instant; a missing directory is made, 0750.
 *
 * A socket file is left behind by a daemon that was killed. It is removed only after nobody answered on it; anything that
 * is not a socket is never removed.
 *
 * @throws RestoreError `SocketUnavailable`.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw unavailable(path, `longer than the ${LONGEST_PATH_BYTES} bytes that a unix socket's path may have`)
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o750 })
    await removeStale(path)
    await bind(server, path)
  } catch (error) {
    throw error instanceof RestoreError ? error : unavailable(path, messageOf(error), error)
  }
}

function unavailable(path: string, why: string, cause?: unknown): RestoreError {
  return new RestoreError(`cannot listen on ${path}: ${why}`, {
    reason: 'SocketUnavailable',
    hint: 'set api.socket to a path of your own in the configuration',
    cause,
  })
}

async function removeStale(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isSocket()) throw unavailable(path, 'something that is not a socket is there')
  if (await answers(path)) throw unavailable(path, 'another daemon answers on it')
  unlinkSync(path)
}

/** Whether anybody accepts connections there. A daemon that is there but too busy to accept in time counts. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const settle = (answer: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => {
      settle(true)
    }, PROBE_MS)
    socket.once('connect', () => {
      settle(true)
    })
    socket.once('error', (error) => {
      const code = codeOf(error)
      if (code === 'ECONNREFUSED' || code === 'ENOENT') settle(false)
      else if (code === 'EAGAIN') settle(true)
      else {
        clearTimeout(timer)
        reject(error)
      }
    })
  })
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // listen() binds before it returns, so the mask covers the file's creation and nothing else of the process.
    const previous = process.umask(0o117)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(previous)
    }
  })
}
