/** A name for a request whose author gave it none. */

import { randomBytes } from 'node:crypto'

import { compactTimestamp } from '../domain/clock.ts'

/** A DNS label (RFC 1123, at most 63 characters) that two people in one second do not share. */
export function madeUpName(target: string, nowMs: number): string {
  return `${target.slice(0, 40).replace(/-+$/, '')}-${compactTimestamp(nowMs)}-${randomBytes(2).toString('hex')}`
}
