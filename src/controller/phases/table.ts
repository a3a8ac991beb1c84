/** Which body belongs to which row of the phase table (src/domain/phases.ts). */

import type { ActivePhase } from '../../domain/phases.ts'
import type { PhaseHandler } from '../context.ts'
import { pending } from './pending.ts'
import { preflight } from './preflight.ts'
import { quiescing } from './quiescing.ts'
import { resuming } from './resuming.ts'
import { rollingBack } from './rolling-back.ts'
import { safetyBackup } from './safety-backup.ts'
import { swapping } from './swapping.ts'
import { verifyingBackup } from './verifying-backup.ts'
import { verifyingChecksum } from './verifying-checksum.ts'
import { verifyingRestored } from './verifying-restored.ts'

export const PHASE_HANDLERS = {
  Pending: pending,
  Preflight: preflight,
  SafetyBackup: safetyBackup,
  VerifyingChecksum: verifyingChecksum,
  VerifyingBackup: verifyingBackup,
  Quiescing: quiescing,
  Swapping: swapping,
  VerifyingRestored: verifyingRestored,
  Resuming: resuming,
  RollingBack: rollingBack,
} as const satisfies Record<ActivePhase, PhaseHandler>
