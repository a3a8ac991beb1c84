import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'

import { startTelemetryServer } from '../../src/telemetry/server.ts'
import { collectedLog } from './collected-log.ts'

const sockets: Socket[] = []
after(() => {
  for (const socket of sockets) socket.destroy()
})

async function serve() {
  const server = await startTelemetryServer({
    host: '127.0.0.1',
    port: 0,
    metrics: { contentType: 'text/plain', render: () => Promise.resolve('up 1\n') },
    livez: [],
    readyz: [],
    log: collectedLog(),
  })
  after(() => server.close())
  return server.address.port
}

async function open(port: number, count: number, first: string): Promise<void> {
  const opened = Array.from({ length: count }, async () => {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.pause()
    await once(socket, 'connect')
    socket.write(first)
  })
  await Promise.all(opened)
}

describe('a probe', () => {
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['send nothing', ''],
    ['send half of a request', 'GET /livez HTTP/1.1\r\nHost: a\r\n'],
    ['keep their connection when they were answered', 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['send a body without an end', 'GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\nx'],
  ]
  for (const [what, first] of HOSTILE) {
    it(`is answered at once while hundreds ${what}`, async () => {
      const port = await serve()
      await open(port, 300, first)
      const response = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(20_000) })
      assert.equal(await response.text(), 'ok')
    })
  }
})
