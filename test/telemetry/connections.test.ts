import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, createServer, get, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'

import { guardConnections, LATE_REQUESTS } from '../../src/telemetry/connections.ts'
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

  it('leaves nothing behind on a connection that it keeps, however often it asks', async () => {
    const warnings: string[] = []
    const note = ({ name }: Error): void => {
      warnings.push(name)
    }
    process.on('warning', note)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    after(() => {
      process.off('warning', note)
      agent.destroy()
    })
    const port = await serve()
    const ports = new Set<number | undefined>()
    for (let call = 0; call < 50; call += 1) {
      const response = await ask({ host: '127.0.0.1', port, path: '/livez', agent })
      ports.add(response.socket.localPort)
      assert.equal(await text(response), 'ok')
    }
    assert.equal(ports.size, 1)
    assert.deepEqual(warnings, [])
  })
})

async function ask(options: RequestOptions): Promise<IncomingMessage> {
  const [response] = (await once(get(options), 'response')) as [IncomingMessage]
  return response
}

/** A listener whose answers may take their time: a megabyte, once the whole request is there. */
async function serveSlowly() {
  const folder = mkdtempSync(join(tmpdir(), 'modosu-connections-'))
  const path = join(folder, 'socket')
  const server = createServer(LATE_REQUESTS, (request, response) => {
    request.resume()
    request.once('end', () => response.end('x'.repeat(1024 * 1024)))
  })
  guardConnections(server, { busyMs: null })
  await once(server.listen(path), 'listening')
  after(() => {
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true })
  })
  return { server, path }
}

describe('a call whose answer may take its time', () => {
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['send half of a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\nx'],
    ['read none of their answer', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ]
  for (const [what, first] of HOSTILE) {
    it(`is answered while hundreds ${what}`, async () => {
      const { server, path } = await serveSlowly()
      for (let index = 0; index < 200; index += 1) {
        const socket = connect(path)
        sockets.push(socket)
        socket.on('error', () => undefined)
        socket.pause()
        socket.write(first)
        // One that was turned away sends none.
        await Promise.race([once(server, 'request'), once(socket, 'close')])
      }
      for (let call = 0; call < 3; call += 1) {
        assert.equal((await text(await ask({ socketPath: path, path: '/', agent: false }))).length, 1024 * 1024)
      }
    })
  }
})
