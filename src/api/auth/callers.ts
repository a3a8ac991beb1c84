/** From who was proven to the caller of a route: a user of our own, somebody from an issuer, or a user of the application. */

import type { FastifyRequest } from 'fastify'

import { personOf } from '../../domain/person.ts'
import { ROLES, type Caller, type Role } from '../caller.ts'
import type { OpenIdConnectSettings } from '../settings.ts'
import type { ApplicationUser } from './application-token.ts'
import { nameOfIdentity, personOfIdentity, type Identity } from './identity.ts'
import { highest, roleOn } from './user-directory.ts'
import type { User } from './users-file.ts'

/** What a role is called that has no name. */
const NO_ROLE = 'none'
const LONGEST_ROLE_NAME = 256

export function callerOfUser(request: FastifyRequest, user: User, credential: 'session' | 'token'): Caller {
  return {
    ...placeOf(request),
    name: user.name,
    person: personOf(user.name, [user.name]),
    credential,
    roleName: highestRole(user) ?? NO_ROLE,
    issuedAt: null,
    roleFor: (target) => roleOn(user.roles, target),
  }
}

export function callerOfIdentity(
  request: FastifyRequest,
  identity: Identity,
  settings: OpenIdConnectSettings,
  credential: 'session' | 'token',
): Caller {
  const role = roleOfIdentity(identity, settings)
  const { targets } = settings
  return {
    ...placeOf(request),
    name: nameOfIdentity(identity),
    person: personOfIdentity(identity),
    identity,
    credential,
    roleName: role ?? (identity.roleNames.join(', ').slice(0, LONGEST_ROLE_NAME) || NO_ROLE),
    issuedAt: null,
    roleFor: (target) => (targets === null || targets.includes(target) ? role : null),
  }
}

export function callerOfApplication(
  request: FastifyRequest,
  { name, role, roleName, issuedAtMs }: ApplicationUser,
  targets: readonly string[],
): Caller {
  return {
    ...placeOf(request),
    name,
    person: personOf(name, [name]),
    credential: 'application-token',
    roleName: roleName === '' ? NO_ROLE : roleName,
    issuedAt: issuedAtMs,
    roleFor: (target) => (targets.includes(target) ? role : null),
  }
}

/** Of all targets: what a person is called, not what they may do. */
export function highestRole({ roles }: User): Role | null {
  return highest(ROLES.filter((role) => Object.values(roles).includes(role)))
}

/** By the mapping that is in force now; null: nothing of what the issuer says is mapped. */
export function roleOfIdentity({ roleNames }: Identity, { roles }: OpenIdConnectSettings): Role | null {
  return highest(roleNames.flatMap((name) => (Object.hasOwn(roles, name) ? (roles[name] ?? []) : [])))
}

function placeOf(request: FastifyRequest): Pick<Caller, 'door' | 'address' | 'userAgent' | 'requestId'> {
  return {
    door: 'http',
    address: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
    requestId: request.id,
  }
}
