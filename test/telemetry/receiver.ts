/** A webhook's far end: keeps what it is sent and answers as the test wants. */

import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

const PATIENCE_MS = 20_000

export interface Delivery {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly deliveries: readonly Delivery[]
  /** Answers from now on; null: never. */
  answer: { readonly status: number; readonly headers?: Record<string, string> } | null
  /** Resolves when so many have come since the start. */
  received(count: number): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const deliveries: Delivery[] = []
  const waiters: ((error?: Error) => void)[] = []
  const receiver: Receiver = {
    url: '',
    deliveries,
    answer: { status: 204 },
    received: async (count) => {
      while (deliveries.length < count) {
        const vain = setTimeout(() => {
          for (const stop of waiters.splice(0)) stop(new Error(`only ${deliveries.length} of ${count} deliveries came`))
        }, PATIENCE_MS)
        await new Promise<void>((resolve, reject) => {
          waiters.push((error) => {
            clearTimeout(vain)
            if (error === undefined) resolve()
            else reject(error)
          })
        })
      }
    },
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { answer } = receiver
      if (answer !== null) response.writeHead(answer.status, answer.headers).end()
      deliveries.push({ headers: request.headers, body })
      for (const wake of waiters.splice(0)) wake()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  return Object.assign(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/hush-path` })
}
