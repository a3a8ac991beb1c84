/** Refuses to work where somebody else could give the daemon orders, or change what it works on (decision 0016). */

import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Configuration } from './configuration.ts'
import { gatherPlaces } from './permission-facts.ts'
import { judgePlaces, type PermissionFinding } from './permission-rules.ts'

/** What is wrong now, at a start or before a reload. */
export function permissionFindings(configuration: Configuration): PermissionFinding[] {
  const self = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  return judgePlaces(gatherPlaces(configuration), self)
}

/**
 * What does not exist yet is made with safe permissions, or is complained of where it is used.
 *
 * @throws RestoreError `InsecurePermissions`: all findings at once, each with the command that mends it.
 */
export function requireSafePermissions(configuration: Configuration): void {
  const findings = permissionFindings(configuration)
  if (findings.length === 0) return
  const what = findings.length === 1 ? 'one path' : `${findings.length} paths`
  throw new RestoreError(
    [`somebody else may write to ${what} of the configuration:`, ...findings.map(describeFinding)].join('\n  '),
    {
      reason: 'InsecurePermissions',
      hint: [
        'mend each, then start again:',
        ...findings.map(({ mend }) => mend),
        '(or, for a trial on a machine of your own: modosu daemon --insecure-permissions)',
      ].join('\n  '),
    },
  )
}

/** For a trial: each finding is a warning. */
export function warnOfPermissions(configuration: Configuration, log: Pick<Log, 'warn'>): void {
  for (const finding of permissionFindings(configuration)) {
    const { path, owner, mode, mend } = finding
    log.warn(`insecure permissions: ${describeFinding(finding)}`, { path, owner, mode, hint: mend })
  }
}

function describeFinding({ path, role, problems, owner, mode }: PermissionFinding): string {
  return `${path} (${role}; owner ${owner}, mode ${mode}): ${problems.join('; ')}`
}
