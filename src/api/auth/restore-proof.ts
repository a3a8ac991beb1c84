/** The proof of who asks, which a restore through a login needs: whichever route makes the request (manual 3.2, step 5). */

import type { FastifyRequest } from 'fastify'

import type { RestoreSpec } from '../../domain/resource.ts'
import { callerOf } from '../caller.ts'
import type { Auth } from './auth.ts'

export interface ProofDoor {
  /** Absent: nobody logs in here, and nobody is asked. */
  readonly auth?: Pick<Auth, 'reauthentication'>
}

/**
 * Takes the proof where one is asked for; it counts once.
 *
 * @param what the proof is for: as `subjectOf` names it, or a safety backup by its name.
 * @throws RestoreError `ReauthenticationRequired`.
 */
export function requireProof({ auth }: ProofDoor, request: FastifyRequest, what: string): void {
  const proof = request.headers['x-modosu-reauth']
  auth?.reauthentication.require(callerOf(request), what, typeof proof === 'string' ? proof : undefined)
}

/** What a restore is confirmed for: the backup by its id, name or path; where the program chooses one, the target. */
export function subjectOf({ source, target }: Pick<RestoreSpec, 'source' | 'target'>): string {
  return source.backupId ?? source.safetyBackup?.name ?? source.file?.path ?? source.sqlDump?.path ?? target
}
