/**
 * Keeps a listener open to those who ask: whoever connects and sends no whole request, or reads no answer, gives way to
 * whoever comes after. A limit that refuses the newcomer would lock out the probe and keep the attacker.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

import { networkOf } from '../domain/network.ts'

/** Connections at once, those included that wait for a request or for the next one. */
const MOST = 128
/** For the headers of a request, from the first byte or from the connection. */
const HEADERS_MS = 5000
/** For a request as a whole. */
const REQUEST_MS = 10_000
/** How long nothing may move on a connection whose client has an answer to read; Node looks twice before it says so. */
const UNREAD_MS = 20_000
/** How often Node looks for requests that are late; its own default is half a minute. An option of the server's maker. */
export const LATE_REQUESTS = { connectionsCheckingInterval: 1000 } as const

export interface ConnectionLimits {
  /** How long nothing may move on a connection that is being answered; null: an answer may take any time to come. */
  readonly busyMs: number | null
}

interface Connection {
  /** Over TLS: the encrypted one once the handshake is done. */
  socket: Socket
  /** Whether a request ever came. */
  used: boolean
  /** Requests that are being answered. */
  readonly requests: Set<IncomingMessage>
}

/** To be called before a server listens that was made with `LATE_REQUESTS`. */
export function guardConnections(server: Server, { busyMs }: ConnectionLimits): void {
  server.headersTimeout = HEADERS_MS
  server.requestTimeout = REQUEST_MS
  server.keepAliveTimeout = HEADERS_MS
  server.timeout = busyMs ?? UNREAD_MS
  const open = new Map<string | Socket, Connection>()
  const watch = (socket: Socket, connection: Connection): void => {
    const key = keyOf(socket)
    connection.socket = socket
    open.set(key, connection)
    socket.once('close', () => {
      if (open.get(key) === connection) open.delete(key)
    })
  }
  server.on('connection', (socket: Socket) => {
    const connection: Connection = { socket, used: false, requests: new Set() }
    watch(socket, connection)
    const late = setTimeout(() => {
      afterReading(() => {
        if (!connection.used) connection.socket.destroy()
      })
    }, HEADERS_MS)
    late.unref()
    socket.once('close', () => {
      clearTimeout(late)
    })
    if (open.size > MOST) makeRoom(open, connection, busyMs !== null)
  })
  server.on('secureConnection', (socket: Socket) => {
    const connection = open.get(keyOf(socket))
    if (connection !== undefined) watch(socket, connection)
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = open.get(keyOf(request.socket))
    if (connection === undefined) return
    connection.used = true
    connection.requests.add(request)
    response.once('close', () => {
      connection.requests.delete(request)
    })
  })
  // Nothing has moved for as long as Node allows it here. Where this is listened to, Node itself ends nothing.
  server.on('timeout', (socket: Socket) => {
    const connection = open.get(keyOf(socket))
    const wasIdle = connection === undefined || connection.requests.size === 0
    afterReading(() => {
      const isIdle = connection === undefined || connection.requests.size === 0
      if (wasIdle ? isIdle : busyMs !== null || waitsForClient(connection)) socket.destroy()
      else if (!wasIdle) socket.setTimeout(UNREAD_MS)
    })
  })
}

/**
 * Where this process was held up, its timers run out before it reads what has come meanwhile: a client that was in time must
 * not pay for that.
 */
function afterReading(act: () => void): void {
  setImmediate(act)
}

/**
 * Ends the oldest connection that waits for its client, of the address that has the most of them. Where all wait for this
 * process: the oldest one where answers are quick, or the new one where an answer may take its time.
 */
function makeRoom(open: ReadonlyMap<unknown, Connection>, newest: Connection, answersAreQuick: boolean): void {
  const others = Array.from(open.values()).filter((each) => each !== newest)
  const waiting = others.filter(waitsForClient)
  const counts = new Map<string, number>()
  for (const { socket } of waiting) counts.set(addressOf(socket), (counts.get(addressOf(socket)) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  const oldest =
    waiting.find(({ socket }) => counts.get(addressOf(socket)) === most) ??
    (answersAreQuick ? others[0] : undefined) ??
    newest
  oldest.socket.destroy()
}

/** It has sent no request, or not all of it, or does not take what it was answered. */
function waitsForClient({ socket, requests }: Connection): boolean {
  if (requests.size === 0 || socket.writableLength > 0) return true
  return Array.from(requests).some(({ complete }) => !complete)
}

/** The same for a connection and for what TLS makes of it; a unix socket has no peer to tell it by. */
function keyOf(socket: Socket): string | Socket {
  const { remoteAddress, remotePort } = socket
  return remoteAddress === undefined || remotePort === undefined ? socket : `${remoteAddress} ${remotePort}`
}

/** A unix socket has none. */
function addressOf({ remoteAddress = '' }: Socket): string {
  return networkOf(remoteAddress)
}
