/** The application's health calls, which the manual's commands ask (4.2 step 5, 7.2, 11). Anybody may. */

import type { FastifyInstance } from 'fastify'

import { toRfc3339 } from '../../domain/clock.ts'
import type { ManualDoor } from './context.ts'
import { HEALTH, probe } from './schemas.ts'

const PUBLIC = { public: true } as const

export function addHealthRoutes(app: FastifyInstance, { clock, version, notReady }: ManualDoor): void {
  app.get('/health', { config: PUBLIC, schema: HEALTH }, async (_request, reply) => {
    const common = { timestamp: toRfc3339(clock.nowMs()), version: version.modosu }
    if ((await notReady()).length === 0) return { status: 'OK', ...common }
    return reply.status(503).send({ status: 'ERROR', ...UNAVAILABLE, ...common })
  })

  app.get('/health/live', { config: PUBLIC, schema: probe('liveness') }, () => ({
    status: 'UP',
    timestamp: toRfc3339(clock.nowMs()),
    type: 'liveness',
  }))

  app.get('/health/ready', { config: PUBLIC, schema: probe('readiness') }, async (_request, reply) => {
    const common = { timestamp: toRfc3339(clock.nowMs()), type: 'readiness' }
    if ((await notReady()).length === 0) return { status: 'UP', ...common }
    return reply.status(503).send({ status: 'DOWN', ...UNAVAILABLE, ...common })
  })
}

/** Whoever asks has shown no credential, so what is not well is for /readyz of the metrics listener to tell. */
const UNAVAILABLE = {
  error: 'the daemon is not ready',
  message: 'Service Unavailable',
  hint: 'what is not well: the /readyz of metrics.listen; journalctl -u modosu',
} as const
