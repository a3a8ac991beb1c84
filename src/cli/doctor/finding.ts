/** What a check of `modosu doctor` can find, which finding is the likely cause of the others, and what it means for the exit code. */

import type { ExitCode } from '../../domain/reasons/entry.ts'

/**
 * Of which kind a cause is. The order is the order of likelihood: each of them brings about those that come after it, as a full
 * disk damages a database and a masked unit leaves a port without an answer.
 */
export const CAUSES = [
  'restore',
  'configuration',
  'file-system',
  'disk',
  'unit',
  'state-directory',
  'state-store',
  'spool',
  'permissions',
  'clock',
  'database',
  'leftovers',
  'integrity',
  'access',
  'schema',
  'holders',
  'port',
  'backups',
  'listeners',
  'running',
  'health',
] as const
export type Cause = (typeof CAUSES)[number]

/**
 * `broken`: it keeps the application or the daemon from its work. `unseen`: it could not be looked at, so it may be anything.
 * `warning`: it works, and will not for long or not for the next restore. `note`: worth knowing.
 */
export const SEVERITIES = ['broken', 'unseen', 'warning', 'note'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface Finding {
  readonly severity: Severity
  readonly cause: Cause
  /** null: of the daemon itself. */
  readonly target: string | null
  /** What is wrong, one sentence, in English. */
  readonly message: string
  /** What shows it: lines as the system or the log says them. */
  readonly evidence: readonly string[]
  /** The line that mends it, or that looks closer where a person has to decide. */
  readonly command: string
  /** A document of the repository or a reason that says more; null: the message says it all. */
  readonly docs: string | null
  /** The limit of time that was reached, not a right that was lacking, kept it from being looked at. */
  readonly late?: boolean
}

/** What a check leaves of `Finding` to the one who runs it. */
export type Found = Omit<Finding, 'cause' | 'target' | 'evidence' | 'docs'> &
  Partial<Pick<Finding, 'cause' | 'evidence' | 'docs'>>

/** What one check says. */
export interface Verdict {
  readonly findings: readonly Found[]
  /** What was looked at, for whoever sees that nothing was found; a sentence or a fact. */
  readonly looked: string
  /** Something could not be seen that nobody here can make visible: not good, and no reason to call anybody. */
  readonly partly?: boolean
  /** Why there was nothing to look at; the check is then neither good nor bad. */
  readonly skipped?: string
}

/** The likely cause first: by severity, then by what brings about what. The order within one kind stays. */
export function byLikelihood(findings: readonly Finding[]): Finding[] {
  const rank = ({ severity, cause }: Finding): number =>
    SEVERITIES.indexOf(severity) * CAUSES.length + CAUSES.indexOf(cause)
  return [...findings].sort((a, b) => rank(a) - rank(b))
}

/** Of the gravest: 7 broken, 3 not seen in time, 4 not allowed to look, 6 a warning; a note is no reason to wake anybody. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const some = (severity: Severity): readonly Finding[] => findings.filter((each) => each.severity === severity)
  if (some('broken').length > 0) return 7
  const unseen = some('unseen')
  if (unseen.length > 0) return unseen.every(({ late }) => late === true) ? 3 : 4
  return some('warning').length > 0 ? 6 : 0
}
