/** The manual's verification of a backup (6.2): on a copy, never in place, and remembered like any other check. */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import { verificationAct, type BackupVerification, type VerifiedCheck } from '../backup-verification.ts'
import { tellAct } from '../call-audit.ts'
import { callerOf } from '../caller.ts'
import { backupFor, type BackupParams, type ManualDoor } from './context.ts'
import { CHECK_TYPES, VERIFY } from './schemas.ts'

/** What the manual's sample shows (6.2). */
const SHOWN: readonly string[] = ['file_exists', 'checksum']

interface VerifyCall {
  readonly Params: BackupParams['Params']
  readonly Querystring: BackupParams['Querystring'] & { readonly checks?: string }
}

export function addVerifyRoute(app: FastifyInstance, door: ManualDoor): void {
  app.post<VerifyCall>('/backups/:id/verify', { schema: VERIFY }, async (request) => {
    const shown = checksOf(request.query.checks)
    const named = { id: request.params.id, target: request.query.target }
    const caller = callerOf(request)
    const { target, set } = await backupFor(door, caller, 'operator', named)
    const { verifier, clock } = door
    if (verifier === undefined) throw new RestoreError('this daemon verifies no backups', { reason: 'NotServed' })
    const verification = await verifier(target.name, set.id, { name: caller.name, uid: request.id })
    tellAct(request, verificationAct(verification))
    return {
      message: 'Integrity check completed',
      data: report(verification, request.params.id, shown, clock.nowMs()),
    }
  })
}

/** @throws RestoreError `InvalidArgument`. */
function checksOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return SHOWN
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !CHECK_TYPES.some((type) => type === name))
  if (unknown === undefined) return CHECK_TYPES.filter((type) => SHOWN.includes(type) || names.includes(type))
  throw new RestoreError(`there is no check ${unknown}`, {
    reason: 'InvalidArgument',
    hint: `checks are: ${CHECK_TYPES.join(', ')}`,
  })
}

/** A check that failed is shown whether it was asked for or not: a list of passes must mean a good backup. */
function report({ checks }: BackupVerification, backupId: string, shown: readonly string[], nowMs: number): object {
  const listed = checks.filter(({ name, result }) => shown.includes(name) || result === 'fail')
  const count = (result: VerifiedCheck['result']): number => listed.filter((check) => check.result === result).length
  const digits = new Date(nowMs).toISOString().replaceAll(/[-:T]/g, '')
  return {
    total_checks: listed.length,
    passed: count('pass'),
    failed: count('fail'),
    checks: listed.map(({ name, result, message }, index) => ({
      check_id: `CHK-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${String(index + 1).padStart(3, '0')}`,
      backup_id: backupId,
      check_type: name,
      status: result,
      ...(result === 'pass' ? {} : { error_message: message }),
    })),
  }
}
