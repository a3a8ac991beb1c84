/** The daemon's control socket: HTTP over a unix socket, for the command line (design, section 8). */

import { RestoreError } from '../domain/errors.ts'
import { socketAuthenticator } from './actor.ts'
import { closeApp, createApp, type AddRoutes, type ApiContext } from './app.ts'
import { PeerProofs } from './peer-proof.ts'
import { API_PREFIX } from './protocol.ts'
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
  const proofs = new PeerProofs(options.socketPath)
  const app = await createApp({
    door: 'socket',
    routes: [...ROUTES, addChallengeRoute(proofs)],
    context: options,
    authenticate: socketAuthenticator(proofs),
  })
  await app.ready()
  try {
    await listenOnSocket(app.server, options.socketPath)
    proofs.open(options.log)
  } catch (error) {
    await closeApp(app)
    throw error
  }
  return {
    close: () => closeApp(app),
  }
}

/** Of the socket alone: over TCP a credential says who calls. */
function addChallengeRoute(proofs: PeerProofs): AddRoutes {
  return (app) => {
    app.get(`${API_PREFIX}/challenge`, { config: { public: true } }, () => {
      const challenge = proofs.challenge()
      if (challenge !== null) return challenge
      throw new RestoreError('nobody can prove who calls here', { reason: 'NotServed' })
    })
  }
}
