/** Answers that go on: lines that are sent as things happen, at the speed at which the client reads, until somebody ends them. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import type { FastifyInstance, FastifyReply } from 'fastify'

import type { Log } from '../../domain/log.ts'

export interface Streams {
  /**
   * @param lines asked for the next one when the client has taken the one before; told by the signal when it has gone or the
   *   daemon stops.
   */
  send(reply: FastifyReply, contentType: string, lines: (signal: AbortSignal) => AsyncIterable<string>): void
}

/** Streams of one application; they end before it closes. */
export function streamsOf(app: FastifyInstance, log: Log): Streams {
  const open = new Set<AbortController>()
  app.addHook('preClose', (done) => {
    for (const abort of open) abort.abort()
    done()
  })
  return {
    send(reply, contentType, lines) {
      const abort = new AbortController()
      // Made first: what it throws is answered like any other error.
      const source = lines(abort.signal)
      open.add(abort)
      reply.hijack()
      const { raw } = reply
      raw.writeHead(200, { ...headersOf(reply), 'content-type': contentType, 'x-accel-buffering': 'no' })
      raw.flushHeaders()
      // A generator that waits for news does not see that its reader has gone.
      raw.once('close', () => {
        abort.abort()
      })
      pipeline(Readable.from(source), raw)
        .catch((error: unknown) => {
          if (!abort.signal.aborted) log.error('a stream of the API broke off', { err: error })
        })
        .finally(() => open.delete(abort))
    },
  }
}

/** One JSON object a line, as the Kubernetes API watches. */
export async function* lines(events: AsyncIterable<object>): AsyncGenerator<string, void> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`
}

function headersOf(reply: FastifyReply): Record<string, string | string[]> {
  const set = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)
  return Object.fromEntries(set.map(([name, value]) => [name, Array.isArray(value) ? value : String(value)]))
}
