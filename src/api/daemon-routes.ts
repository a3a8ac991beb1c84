/** Routes for the daemon itself: whether it answers, which versions run, and the reload of its configuration. */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../domain/errors.ts'
import type { ApiContext } from './app.ts'
import { tellAct } from './call-audit.ts'
import { callerOf, EVERY_TARGET, requireRole } from './caller.ts'
import { API_PREFIX } from './protocol.ts'
import { ROUTE } from './resources/schemas.ts'

export function addDaemonRoutes(app: FastifyInstance, { version, reload }: ApiContext): void {
  app.get(`${API_PREFIX}/healthz`, { config: { public: true }, schema: ROUTE.healthz }, () => ({ status: 'ok' }))
  app.get(`${API_PREFIX}/version`, { schema: ROUTE.version }, () => version)
  app.post(`${API_PREFIX}/reload`, { schema: ROUTE.reload }, async (request) => {
    requireRole(callerOf(request), 'admin', EVERY_TARGET)
    if (reload === undefined) {
      throw new RestoreError('this daemon does not reload its configuration', { reason: 'NotServed' })
    }
    const report = await reload()
    tellAct(request, { operation: 'reload', message: 'configuration reloaded' })
    return report
  })
}
