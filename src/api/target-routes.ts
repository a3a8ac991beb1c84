/** Routes for targets: the manual rollback (manual 7.2) and the verification of a backup (manual 6.2). */

import type { FastifyInstance } from 'fastify'

import type { Commands } from '../controller/commands-contract.ts'
import { RestoreError } from '../domain/errors.ts'
import { toResource } from '../domain/resource-view.ts'
import { objectOf, textField } from './body.ts'
import { verificationAct, type BackupVerifier } from './backup-verification.ts'
import { tellAct } from './call-audit.ts'
import { requireProof, type ProofDoor } from './auth/restore-proof.ts'
import { actorOf, callerOf, requireRole } from './caller.ts'
import { API_PREFIX } from './protocol.ts'
import { ROUTE } from './resources/schemas.ts'

export interface TargetDoor extends ProofDoor {
  readonly commands: Commands
  /** Absent where the daemon verifies no backups on demand: the route answers 501. */
  readonly verifier?: BackupVerifier
}

export function addTargetRoutes(app: FastifyInstance, door: TargetDoor): void {
  const { commands, verifier } = door
  app.post<{ Params: { target: string } }>(
    `${API_PREFIX}/targets/:target/rollback`,
    { schema: ROUTE.rollback },
    async (request, reply) => {
      const caller = callerOf(request)
      requireRole(caller, 'admin', request.params.target)
      const body = objectOf(request.body)
      const order = Object.fromEntries(
        (['safetyBackup', 'undoes', 'reason'] as const)
          .map((key) => [key, textField(body, key)] as const)
          .filter(([key, value]) => value !== undefined && (key !== 'reason' || value !== '')),
      )
      requireProof(door, request, order['safetyBackup'] ?? request.params.target)
      const stored = await commands.rollback(request.params.target, order, actorOf(caller))
      return reply.status(201).send(toResource(stored))
    },
  )

  app.post<{ Params: { target: string; id: string } }>(
    `${API_PREFIX}/targets/:target/backups/:id/verify`,
    { schema: ROUTE.verify },
    async (request) => {
      const caller = callerOf(request)
      const { target, id } = request.params
      requireRole(caller, 'operator', target)
      if (verifier === undefined) {
        throw new RestoreError('this daemon verifies no backups on demand', {
          reason: 'NotServed',
          hint: 'run it beside the files: modosu verify BACKUP',
        })
      }
      const verification = await verifier(target, id, { name: caller.name, uid: request.id })
      tellAct(request, verificationAct(verification))
      return verification
    },
  )
}
