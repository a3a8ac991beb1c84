/** What an undo of a target would take back (manual 7.2), before anybody asks for it. */

import type { FastifyInstance } from 'fastify'

import { chooseUndo, nothingToUndo } from '../../controller/undo.ts'
import { API_VERSION } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import { callerOf } from '../caller.ts'
import { targetsFor } from '../manual/context.ts'
import { API_PREFIX } from '../protocol.ts'
import { count, object, route, text, time } from './schemas.ts'

const SCHEMA = route(
  'getTargetUndo',
  'Tells what a rollback of the target would put back, and what it would take away',
  {
    200: object({
      apiVersion: { const: API_VERSION },
      kind: { const: 'Undo' },
      target: text,
      undoes: object({
        request: text,
        backupId: text,
        endedAt: time,
        certain: {
          type: 'boolean',
          description: 'false: its rollback failed, and nobody can say what the database holds.',
        },
      }),
      ineffective: {
        type: 'array',
        description: 'Later restores that never took effect.',
        items: object({ request: text, result: text }),
      },
      safetyBackup: object({ name: text, path: text, sizeBytes: count }),
      replacedSince: { type: 'boolean', description: 'Somebody else has replaced the restored file since.' },
    }),
  },
  { params: object({ target: text }), description: '409 where there is nothing to take back, or where it cannot be.' },
)

interface UndoDoor {
  readonly reader: StateReader
  readonly targets: () => readonly Target[]
}

export function addUndoRoute(app: FastifyInstance, door: UndoDoor): void {
  const path = `${API_PREFIX}/targets/:target/rollback`
  app.get<{ Params: { readonly target: string } }>(path, { schema: SCHEMA }, async (request) => {
    const name = request.params.target
    const [target] = targetsFor(door, callerOf(request), 'viewer', name)
    const undo = target === undefined ? null : await chooseUndo(door.reader, target)
    if (undo === null) throw nothingToUndo({ name })
    const { restore, ineffective, file, sizeBytes, replacedSince } = undo
    return {
      apiVersion: API_VERSION,
      kind: 'Undo',
      target: name,
      undoes: {
        request: restore.request,
        backupId: restore.backupId,
        endedAt: restore.endedAt,
        certain: restore.certain,
      },
      ineffective: ineffective.map((each) => ({ request: each.request, result: each.result })),
      safetyBackup: { name: file.name, path: file.path, sizeBytes },
      replacedSince,
    }
  })
}
