/** Who is called and how soon, for each level of the manual's section 12.1, verbatim. */

import type { Language } from '../messages.ts'
import type { EscalationLevel } from '../resource.ts'

export interface Duty {
  /** 対応者. */
  readonly responder: string
  /** 時間枠. */
  readonly timeFrame: string
}

/** An L1 that nobody has acknowledged by then is told again, to more people (manual 12.1: 0〜30分). */
export const L1_TIME_FRAME_MS = 30 * 60_000

const DUTIES = {
  ja: {
    L1: { responder: '運用担当者', timeFrame: '0〜30分' },
    L2: { responder: 'システム管理者', timeFrame: '30分〜2時間' },
    L3: { responder: '管理職 + ベンダー', timeFrame: '即時' },
  },
  en: {
    L1: { responder: 'operator', timeFrame: '0 to 30 minutes' },
    L2: { responder: 'system administrator', timeFrame: '30 minutes to 2 hours' },
    L3: { responder: 'management and vendor', timeFrame: 'at once' },
  },
} as const satisfies Record<Language, Record<EscalationLevel, Duty>>

/** @param atOnce an L2 of several bad backups, which the manual wants looked at without delay. */
export function dutyOf(level: EscalationLevel, language: Language, atOnce = false): Duty {
  const duty = DUTIES[language][level]
  return atOnce ? { ...duty, timeFrame: DUTIES[language].L3.timeFrame } : duty
}
