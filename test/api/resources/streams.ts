/** A client of answers that go on: connects over TCP, and takes one line or one event at a time. */

import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'

import type { FastifyInstance } from 'fastify'

export interface Stream {
  readonly status: number
  readonly contentType: string
  /** The next line that is not empty; undefined at the end. */
  next(): Promise<string | undefined>
  close(): void
}

export async function openStream(
  app: FastifyInstance,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Stream> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request({ port, path, agent: false, headers: { 'x-role': 'admin', ...headers } }, resolve)
    call.once('error', reject)
    call.end()
  })
  response.on('error', () => undefined)
  const lines = createInterface({ input: response })[Symbol.asyncIterator]()
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    async next() {
      for (;;) {
        const line = await lines.next()
        if (line.done === true) return undefined
        if (line.value !== '') return line.value
      }
    },
    close() {
      response.destroy()
    },
  }
}
