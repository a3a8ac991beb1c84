/** What the claims of an ID token or of the userinfo endpoint say of a person. */

export type Claims = Readonly<Record<string, unknown>>

const LONGEST_NAME = 64
const LONGEST_ROLE = 256
const MOST_ROLES = 500
/** RFC 7519 has no bound; OpenID Connect Core 1.0, 2: 255 ASCII characters. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/

/** @returns undefined for one that is none. */
export function subjectOf({ sub }: Claims): string | undefined {
  return typeof sub === 'string' && SUBJECT.test(sub) ? sub : undefined
}

/** One line, and the subject where the claim is missing. */
export function displayNameOf(claims: Claims, claim: string): string {
  const value = claimAt(claims, claim)
  const text = typeof value === 'string' ? value.replaceAll(/[\p{C}\p{Z}()]+/gu, ' ').trim() : ''
  return (text === '' ? (subjectOf(claims) ?? '') : text).slice(0, LONGEST_NAME)
}

/** @returns undefined where the claim is missing: it may be said elsewhere. */
export function roleNamesOf(claims: Claims, claim: string): readonly string[] | undefined {
  const value = claimAt(claims, claim)
  if (value === undefined) return undefined
  const names = Array.isArray(value) ? value.slice(0, MOST_ROLES) : [value]
  return names.filter((name): name is string => typeof name === 'string' && name.length <= LONGEST_ROLE)
}

/** A claim by its whole name, such as an address, or by a path into an object: `realm_access.roles`. */
function claimAt(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim]
  let value: unknown = claims
  for (const step of claim.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Claims)[step]
  }
  return value
}
