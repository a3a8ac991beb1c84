/** Clients that mean no good, clients that ask properly, and what a process takes of the machine meanwhile. */

import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Call {
  readonly port: number
  readonly path: string
  /** Sent as JSON by POST; absent: GET. */
  readonly body?: object
  /** Where the client is; the daemon counts by address. */
  readonly from: string
}

/**
 * Over a connection of its own, as a probe asks: one that is kept may be ended by the listener at the very moment at which it
 * is used again.
 *
 * @returns the status; the error's code where there was no answer.
 */
export async function ask({ port, path, body, from }: Call): Promise<number | string> {
  const sent = body === undefined ? '' : JSON.stringify(body)
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': sent.length }
  const call = request({
    host: '127.0.0.1',
    port,
    path,
    localAddress: from,
    agent: false,
    method: body === undefined ? 'GET' : 'POST',
    headers,
  })
  call.end(sent)
  try {
    const [response] = (await once(call, 'response')) as [IncomingMessage]
    await text(response)
    return response.statusCode ?? 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/** What a slow client sends at first, and a quarter of a second later, again and again. */
export interface Slowness {
  readonly first: string
  readonly next: string
}

export const SLOW: readonly (Slowness & { readonly what: string })[] = [
  { what: 'say nothing', first: '', next: '' },
  {
    what: 'never finish their headers',
    first: 'GET /api/v1/health HTTP/1.1\r\nHost: a\r\n',
    next: 'X-Slow: x\r\n',
  },
  {
    what: 'never finish their password',
    first:
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
    next: ' ',
  },
]

/** @returns when the other side has ended the connection; `end` gives up. */
export function openSlowly(port: number, from: string, { first, next }: Slowness) {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from })
  const timer = setInterval(() => {
    if (next !== '') socket.write(next)
  }, 250)
  const ended = new Promise<void>((resolve) => {
    // An end of the other side is seen by who reads, a reset by who writes.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearInterval(timer)
      resolve()
    })
  })
  socket.resume()
  socket.write(first)
  return {
    ended,
    end: () => {
      socket.destroy()
    },
  }
}

/** Of a process, from /proc. */
export class Usage {
  readonly #pid: number

  constructor(pid: number) {
    this.#pid = pid
  }

  residentMb(): number {
    return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(this.#read('status'))?.[1]) / 1024)
  }

  /** The most since the start, as the kernel has seen it. */
  peakMb(): number {
    return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(this.#read('status'))?.[1]) / 1024)
  }

  /** Ticks of a processor that it has used, in the program and in the kernel. */
  ticks(): number {
    const fields = this.#read('stat').split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  }

  sockets(): number {
    const folder = `/proc/${this.#pid}/fd`
    return readdirSync(folder).filter((file) => isSocket(`${folder}/${file}`)).length
  }

  #read(file: string): string {
    return readFileSync(`/proc/${this.#pid}/${file}`, 'utf8')
  }
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:')
  } catch {
    return false
  }
}
