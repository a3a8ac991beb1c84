/** Conditions after the Kubernetes API conventions (api-conventions.md, "Typical status properties"). */

export type ConditionType =
  | 'Accepted'
  | 'Approved'
  | 'PreflightPassed'
  | 'SafetyBackupTaken'
  | 'BackupVerified'
  | 'Swapped'
  | 'RestoredVerified'
  | 'ServiceHealthy'
  | 'RolledBack'
  | 'Succeeded'
  | 'Reconciling'
  | 'Stalled'

export type ConditionStatus = 'True' | 'False' | 'Unknown'

export interface Condition {
  readonly type: ConditionType
  readonly status: ConditionStatus
  readonly reason: string
  readonly message: string
  /** RFC 3339, UTC; moves only when the status changes. */
  readonly lastTransitionTime: string
  readonly observedGeneration: number
}

export type ConditionUpdate = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>

/**
 * Sets one condition, keeping its transition time while its status stays.
 *
 * `Reconciling` and `Stalled` are present only while true, so their `False` removes them.
 */
export function withCondition(
  conditions: readonly Condition[],
  update: ConditionUpdate,
  observedGeneration: number,
  now: string,
): Condition[] {
  const before = conditions.find((condition) => condition.type === update.type)
  const others = conditions.filter((condition) => condition.type !== update.type)
  if (update.status === 'False' && (update.type === 'Reconciling' || update.type === 'Stalled')) return others
  const lastTransitionTime = before?.status === update.status ? before.lastTransitionTime : now
  return [...others, { ...update, lastTransitionTime, observedGeneration }]
}
