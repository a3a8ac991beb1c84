/** The login probe after a restore: for point 3 of the checklist (manual 11), and for nothing else. */

import type { ApplicationStatus, CheckResult } from '../domain/resource.ts'
import { checkResult } from './checks.ts'
import type { PhaseContext } from './context.ts'

/**
 * Asks once, when the restore has proven everything that its end depends on. Dies the process meanwhile, the next start asks
 * again. Never rejects, and fails nothing.
 */
export async function probeLogin(context: PhaseContext, application: ApplicationStatus): Promise<CheckResult[]> {
  const { target, deps, log } = context
  if (target.loginProbe === undefined) return []
  if (application.state === 'ApplicationDown') {
    return [checkResult(context, 'login', 'skip', 'no login was tried: the application does not run')]
  }
  const { verdict, text } = await deps.service.probeLogin(target)
  const result = verdict === 'in' ? 'pass' : verdict === 'refused' ? 'warn' : 'skip'
  if (verdict !== 'in') log.warn(text, { check: 'login' })
  return [checkResult(context, 'login', result, text)]
}
