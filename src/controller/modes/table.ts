/** Which rules belong to which mode. */

import type { Mode } from '../../domain/resource.ts'
import type { ModeRules } from './contract.ts'
import { DRILL } from './drill.ts'
import { EXTRACT } from './extract.ts'
import { DRY_RUN, RESTORE } from './restore.ts'

export const MODE_RULES: Readonly<Record<Mode, ModeRules>> = {
  Restore: RESTORE,
  DryRun: DRY_RUN,
  Drill: DRILL,
  Extract: EXTRACT,
}
