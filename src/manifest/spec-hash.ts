/** The fingerprint of a spec: equal for two specs that ask for the same, however they are written. */

import { createHash } from 'node:crypto'
import type { RestoreManifest } from '../domain/resource.ts'

/** JSON with sorted keys and without undefined values. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(',')}}`
}

/** SHA-256, in hexadecimal, of the spec with its defaults; labels and annotations are not part of it. */
export function specHash(manifest: Pick<RestoreManifest, 'spec'>): string {
  return createHash('sha256').update(canonicalJson(manifest.spec)).digest('hex')
}
