/**
 * Who calls, as the door has proven it, and what they may do. A door authenticates each call before its route sees it; a
 * route asks here, and never reads a name from a header itself.
 */

import type { FastifyRequest } from 'fastify'

import type { Actor } from '../controller/acting.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Person } from '../domain/person.ts'
import type { Identity } from './auth/identity.ts'

/** From the least to the most: a viewer looks, an operator verifies, drills and acknowledges, an admin restores. */
export const ROLES = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof ROLES)[number]

/** Instead of a target's name: what belongs to no target, or to all of them. */
export const EVERY_TARGET = '*'

export interface Caller {
  /** The proven name, such as `alice` or `uid 1000 (bob)`; never what a client merely claims. */
  readonly name: string
  /** Who counts for four eyes; null: nobody has proven it. */
  readonly person: Person | null
  /** What the client of the socket calls itself; null elsewhere. */
  readonly claimedName?: string | null
  /** Of somebody who logged in at an issuer; absent for everybody else. */
  readonly identity?: Identity
  readonly door: 'socket' | 'http'
  readonly credential: 'socket' | 'session' | 'token' | 'application-token'
  /** What a refusal calls the caller's role: of the application where its token was shown. */
  readonly roleName: string
  /** When the application issued the token, in ms since 1970; null for every other credential. */
  readonly issuedAt: number | null
  readonly address: string | null
  readonly userAgent: string | null
  readonly requestId: string
  /** @returns null where the caller must not even learn that the target exists. `EVERY_TARGET`: the role on all of them. */
  roleFor(target: string): Role | null
}

/** No credential, or none that counts. The answer is 401 in the application's own words. */
export class Unauthorized extends RestoreError {
  /** Whether there was a credential at all. */
  readonly credentialGiven: boolean

  constructor(credentialGiven: boolean, hint = 'log in: POST /api/v1/auth/login') {
    super(credentialGiven ? 'invalid or expired token' : 'authentication token is required', {
      reason: 'Unauthorized',
      hint,
    })
    this.credentialGiven = credentialGiven
  }
}

/** The caller's role does not reach. The answer is 403 in the application's own words. */
export class Forbidden extends RestoreError {
  readonly requiredRoles: readonly Role[]
  readonly userRole: string

  constructor(required: Role, userRole: string) {
    const requiredRoles = ROLES.slice(ROLES.indexOf(required)).reverse()
    super(`this action requires one of the following roles: ${requiredRoles.join(', ')}`, {
      reason: 'Forbidden',
      hint: 'ask an administrator (manual 2.1)',
    })
    this.requiredRoles = requiredRoles
    this.userRole = userRole
  }
}

const callers = new WeakMap<FastifyRequest, Caller>()

/** For the door alone, once it has proven who calls. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller)
}

/** @throws Unauthorized where the door let the call pass without a credential: such a route is public. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Unauthorized(false)
  return caller
}

/** Never throws. */
export function knownCaller(request: FastifyRequest): Caller | undefined {
  return callers.get(request)
}

/**
 * Whether the caller has at least the role there.
 *
 * @param target undefined: what was asked for is not known, so only who may look at every target learns that.
 */
export function mayAct(caller: Caller, role: Role, target: string | undefined): boolean {
  const held = caller.roleFor(target ?? EVERY_TARGET) ?? caller.roleFor(EVERY_TARGET)
  return held !== null && ROLES.indexOf(held) >= ROLES.indexOf(role)
}

/**
 * Call it before the first look at what the request names, or with the target of what was found, undefined where nothing
 * was: the answer is the same whether a thing does not exist or is not the caller's to see.
 *
 * @throws Forbidden
 */
export function requireRole(caller: Caller, role: Role, target: string | undefined): void {
  if (!mayAct(caller, role, target)) throw new Forbidden(role, caller.roleName)
}

/** For `Commands`. */
export function actorOf(caller: Caller): Actor {
  return { name: caller.name, via: caller.door, person: caller.person, details: actorDetails(caller) }
}

/** What the audit log says of a call besides the name. */
export function actorDetails(caller: Caller): NonNullable<Actor['details']> {
  const { door, credential, address, userAgent, requestId, claimedName = null, person } = caller
  if (door === 'http') return { via: door, credential, address, userAgent, requestId }
  const uid = person?.ids.find((id) => id.startsWith('uid:'))?.slice('uid:'.length) ?? null
  return { via: door, uid, userAgent, requestId, ...(person === null ? {} : { claimedName }) }
}
