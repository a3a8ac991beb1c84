/** The document of the API (OpenAPI 3.1), made of the schemas that its routes are checked by. */

import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

import { safeJson } from '../domain/unsafe-text.ts'

export const DOCUMENT_PATH = '/openapi.json'

/** To be called before the routes are added: it hears of each. */
export async function addDocument(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Modosu',
        version: 'v1',
        description:
          "Restores SQLite databases. /api/v1 has the calls of the operations manual OP-BKP-RST-001 in the application's shapes, /apis/modosu.dev/v1 " +
          'the resources in the form of the Kubernetes API. Times are RFC 3339 in UTC, sizes bytes.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'manual', description: "The operations manual's calls" },
        { name: 'resources', description: 'Requests, backups, safety backups, targets' },
        { name: 'login', description: 'Who calls' },
        { name: 'daemon', description: 'The daemon itself' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'modosu_session' },
        },
      },
    },
    convertConstToEnum: false,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `def-${index}`),
    },
  })
  // Anybody may ask for it: it is made once, and clients that do not read it share one copy.
  let text: string | undefined
  app.get(DOCUMENT_PATH, { config: { public: true }, schema: { hide: true } }, (_request, reply) => {
    text ??= safeJson(app.swagger())
    return reply.type('application/json; charset=utf-8').send(text)
  })
}
