/**
 * The state machine of a restore, as one table. Read this first: the phases stand in the order in which a restore goes
 * through them, and every other file of the controller is the body of one row.
 */

/** Where a row leads. `untouched` says that the operator's database has not been changed when the row begins. */
interface Row {
  readonly next: Phase
  readonly onFailure: Phase
  readonly onCancel: Phase | null
  readonly step: ProgressStep | null
  readonly untouched: boolean
}

/** The five lines that the manual shows a person (section 3.2, step 7); internal phases map onto them. */
export type ProgressStep = 1 | 2 | 3 | 4 | 5

export const ACTIVE_PHASES = [
  'Pending',
  'Preflight',
  'SafetyBackup',
  'VerifyingChecksum',
  'VerifyingBackup',
  'Quiescing',
  'Swapping',
  'VerifyingRestored',
  'Resuming',
  'RollingBack',
] as const

export const TERMINAL_PHASES = [
  'Succeeded',
  'Failed',
  'RolledBack',
  'RollbackFailed',
  'Rejected',
  'Cancelled',
  'Expired',
] as const

export type ActivePhase = (typeof ACTIVE_PHASES)[number]
export type TerminalPhase = (typeof TERMINAL_PHASES)[number]
export type Phase = ActivePhase | TerminalPhase

export const TRANSITIONS = {
  Pending: { next: 'Preflight', onFailure: 'Rejected', onCancel: 'Cancelled', step: null, untouched: true },
  Preflight: { next: 'SafetyBackup', onFailure: 'Failed', onCancel: 'Cancelled', step: null, untouched: true },
  SafetyBackup: { next: 'VerifyingChecksum', onFailure: 'Failed', onCancel: 'Cancelled', step: 1, untouched: true },
  VerifyingChecksum: { next: 'VerifyingBackup', onFailure: 'Failed', onCancel: 'Cancelled', step: 2, untouched: true },
  VerifyingBackup: { next: 'Quiescing', onFailure: 'Failed', onCancel: 'Cancelled', step: 3, untouched: true },
  Quiescing: { next: 'Swapping', onFailure: 'Failed', onCancel: 'Cancelled', step: 4, untouched: true },
  Swapping: { next: 'VerifyingRestored', onFailure: 'RollingBack', onCancel: null, step: 4, untouched: false },
  VerifyingRestored: { next: 'Resuming', onFailure: 'RollingBack', onCancel: null, step: 5, untouched: false },
  Resuming: { next: 'Succeeded', onFailure: 'RollingBack', onCancel: null, step: 5, untouched: false },
  RollingBack: { next: 'RolledBack', onFailure: 'RollbackFailed', onCancel: null, step: null, untouched: false },
} as const satisfies Record<ActivePhase, Row>

/**
 * Edges that are not a row's own: a drill and a dry run end early, a crash begins again or goes back to prove exclusive
 * access once more, a waiting request's time runs out, and a restore that waived its safety backup is not rolled back.
 */
const EXTRA_EDGES: Readonly<Partial<Record<ActivePhase, readonly Phase[]>>> = {
  Pending: ['Expired'],
  Preflight: ['Succeeded', 'VerifyingChecksum', 'Rejected'],
  SafetyBackup: ['Preflight'],
  VerifyingChecksum: ['Preflight'],
  VerifyingBackup: ['Preflight', 'Succeeded'],
  Quiescing: ['Preflight'],
  Swapping: ['Quiescing', 'Failed'],
  VerifyingRestored: ['Failed'],
  Resuming: ['Failed'],
}

const TERMINAL: ReadonlySet<string> = new Set(TERMINAL_PHASES)

/** Whether nothing more will happen to a request in this phase. */
export function isTerminal(phase: Phase): phase is TerminalPhase {
  return TERMINAL.has(phase)
}

/** Whether the table allows the step; the store refuses to record any other. */
export function canTransition(from: Phase, to: Phase): boolean {
  if (isTerminal(from)) return false
  const row: Row = TRANSITIONS[from]
  return row.next === to || row.onFailure === to || row.onCancel === to || (EXTRA_EDGES[from] ?? []).includes(to)
}

/** Whether a restore in this phase occupies its target; at most one per target may. */
export function occupiesTarget(phase: Phase): boolean {
  return phase !== 'Pending' && !isTerminal(phase)
}

/**
 * Whether stopping the daemon now would leave the application down or the database half way: such a phase is carried
 * to its end on SIGTERM, every other is interrupted and begun again at the next start.
 */
export function mustRunToEnd(phase: Phase): boolean {
  switch (phase) {
    case 'Quiescing':
    case 'Swapping':
    case 'VerifyingRestored':
    case 'Resuming':
    case 'RollingBack':
      return true
    case 'Pending':
    case 'Preflight':
    case 'SafetyBackup':
    case 'VerifyingChecksum':
    case 'VerifyingBackup':
    case 'Succeeded':
    case 'Failed':
    case 'RolledBack':
    case 'RollbackFailed':
    case 'Rejected':
    case 'Cancelled':
    case 'Expired':
      return false
  }
}
