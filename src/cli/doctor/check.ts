/** One check of `modosu doctor`: a row of the tables in `checks.ts`. */

import type { Target } from '../../domain/target.ts'
import type { Examination } from './examination.ts'
import type { Cause, Verdict } from './finding.ts'

interface Shared {
  /** As `-o json` and the list of what was looked at name it. */
  readonly name: string
  /** Of what kind its findings are, unless one says otherwise. */
  readonly cause: Cause
  /** It reads whole databases: as long as those take, and left out with `--quick`. */
  readonly long?: boolean
}

/** Rejects for nothing that it looks for: an error means that the check itself failed, and counts as unseen. */
export interface DaemonCheck extends Shared {
  readonly run: (examination: Examination) => Promise<Verdict>
}

export interface TargetCheck extends Shared {
  readonly run: (examination: Examination, target: Target) => Promise<Verdict>
}

export function well(looked: string): Verdict {
  return { findings: [], looked }
}

export function skipped(why: string): Verdict {
  return { findings: [], looked: why, skipped: why }
}
