/** Why a file in a backup directory that looks like a backup is not listed as one; the metrics have these words as a label. */

export const PASSED_OVER_REASONS = ['flat', 'folder', 'link', 'name', 'suffix'] as const

export type PassedOverReason = (typeof PASSED_OVER_REASONS)[number]
