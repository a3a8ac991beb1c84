/** The daemon's control socket: HTTP over a unix socket, for the command line (design, section 8). */

import { authenticateSocket } from './actor.ts'
import { createApp, type ApiContext } from './app.ts'
import { ROUTES } from './routes.ts'
import { listenOnSocket } from './socket-listener.ts'

/** How long answers on their way may take once the daemon stops. */
const CLOSE_GRACE_MS = 1000

export interface ControlApiOptions extends ApiContext {
  readonly socketPath: string
}

export interface ControlApi {
  /** Stops accepting, lets answers on their way go out for a second, removes the socket file. Idempotent. */
  close(): Promise<void>
}

/**
 * Serves until closed.
 *
 * @throws RestoreError `SocketUnavailable` where the socket cannot be had; nothing is left open then.
 */
export async function startControlApi(options: ControlApiOptions): Promise<ControlApi> {
  const app = createApp({ routes: ROUTES, context: options, authenticate: authenticateSocket })
  await app.ready()
  try {
    await listenOnSocket(app.server, options.socketPath)
  } catch (error) {
    await app.close()
    throw error
  }
  return {
    async close() {
      const timer = setTimeout(() => {
        app.server.closeAllConnections()
      }, CLOSE_GRACE_MS)
      await app.close()
      clearTimeout(timer)
    },
  }
}
