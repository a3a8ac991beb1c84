/** The socket's routes for targets: the manual rollback (manual 7.2) and the verification of a backup (manual 6.2). */

import type { FastifyInstance } from 'fastify'

import type { Commands } from '../controller/commands-contract.ts'
import { RestoreError } from '../domain/errors.ts'
import { toResource } from '../domain/resource-view.ts'
import { actorOf } from './actor.ts'
import { objectOf, textField } from './body.ts'
import type { BackupVerifier } from './backup-verification.ts'

export interface TargetDoor {
  readonly commands: Commands
  /** Absent where the daemon verifies no backups on demand: the route answers 501. */
  readonly verifier?: BackupVerifier
}

export function addTargetRoutes(app: FastifyInstance, prefix: string, { commands, verifier }: TargetDoor): void {
  app.post<{ Params: { target: string } }>(`${prefix}/targets/:target/rollback`, async (request, reply) => {
    const body = objectOf(request.body)
    const order = Object.fromEntries(
      (['safetyBackup', 'undoes', 'reason'] as const)
        .map((key) => [key, textField(body, key)] as const)
        .filter(([key, value]) => value !== undefined && (key !== 'reason' || value !== '')),
    )
    const stored = await commands.rollback(request.params.target, order, actorOf(request.headers))
    return reply.status(201).send(toResource(stored))
  })

  app.post<{ Params: { target: string; id: string } }>(`${prefix}/targets/:target/backups/:id/verify`, (request) => {
    actorOf(request.headers)
    if (verifier === undefined) {
      throw new RestoreError('this daemon verifies no backups on demand', {
        reason: 'NotServed',
        hint: 'run it beside the files: modosu verify BACKUP',
      })
    }
    return verifier(request.params.target, request.params.id)
  })
}
