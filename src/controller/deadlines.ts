/** How long a child process may take, scaled to what it has to read. */

import type { Target } from '../domain/target.ts'

const BASE_MS = 60_000
/** A slow disk and a busy machine: 4 MB each second, a tenth of what the measurements show. */
const BYTES_PER_MS = 4000

export const QUICK_MS = 30_000

/** The deadline, in milliseconds, of an operation that reads `sizeBytes` once. */
export function deadlineFor(target: Target, sizeBytes: number): number {
  return target.verification.checkTimeoutMs ?? BASE_MS + Math.ceil(sizeBytes / BYTES_PER_MS)
}
