/**
 * Keeps a listener open to those who ask: whoever connects and sends no whole request, or reads no answer, gives way to
 * whoever comes after. A limit that refuses the newcomer would lock out the probe and keep the attacker.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Connections at once, those included that wait for a request or for the next one. */
const MOST = 128
/** For the headers of a request, from the first byte or from the connection. */
const HEADERS_MS = 5000
/** For a request as a whole. */
const REQUEST_MS = 10_000
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
  /** Answers that are under way. */
  answers: number
}

/** To be called before a server listens that was made with `LATE_REQUESTS`. */
export function guardConnections(server: Server, { busyMs }: ConnectionLimits): void {
  server.headersTimeout = HEADERS_MS
  server.requestTimeout = REQUEST_MS
  server.keepAliveTimeout = HEADERS_MS
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
    const connection = { socket, used: false, answers: 0 }
    watch(socket, connection)
    const late = setTimeout(() => {
      if (!connection.used) connection.socket.destroy()
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
    connection.answers += 1
    if (busyMs !== null) request.socket.setTimeout(busyMs, () => request.socket.destroy())
    response.once('close', () => {
      connection.answers -= 1
    })
  })
}

/**
 * Ends the oldest idle connection of the address that has the most of them. Where all are being answered: the oldest one,
 * whose client does not read, or the new one where an answer may take its time.
 */
function makeRoom(open: ReadonlyMap<unknown, Connection>, newest: Connection, answersAreQuick: boolean): void {
  const others = Array.from(open.values()).filter((each) => each !== newest)
  const idle = others.filter(({ answers }) => answers === 0)
  const counts = new Map<string, number>()
  for (const { socket } of idle) counts.set(addressOf(socket), (counts.get(addressOf(socket)) ?? 0) + 1)
  const most = Math.max(0, ...counts.values())
  const oldest =
    idle.find(({ socket }) => counts.get(addressOf(socket)) === most) ??
    (answersAreQuick ? others[0] : undefined) ??
    newest
  oldest.socket.destroy()
}

/** The same for a connection and for what TLS makes of it; a unix socket has no peer to tell it by. */
function keyOf(socket: Socket): string | Socket {
  const { remoteAddress, remotePort } = socket
  return remoteAddress === undefined || remotePort === undefined ? socket : `${remoteAddress} ${remotePort}`
}

/** A unix socket has none. */
function addressOf({ remoteAddress = '' }: Socket): string {
  return remoteAddress
}
