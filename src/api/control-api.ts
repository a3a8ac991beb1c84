/** The daemon's control socket: HTTP over a unix socket, for the command line (design, section 8). */

import { authenticateSocket } from './actor.ts'
import { closeApp, createApp, type ApiContext } from './app.ts'
import { ROUTES } from './routes.ts'
import { listenOnSocket } from './socket-listener.ts'

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
  const app = await createApp({ routes: ROUTES, context: options, authenticate: authenticateSocket })
  await app.ready()
  try {
    await listenOnSocket(app.server, options.socketPath)
  } catch (error) {
    await closeApp(app)
    throw error
  }
  return {
    close: () => closeApp(app),
  }
}
