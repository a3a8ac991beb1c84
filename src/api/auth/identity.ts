/** Somebody for whom an OpenID Connect issuer vouches. */

import { personOf, type Person } from '../../domain/person.ts'

export interface Identity {
  readonly issuer: string
  /** Never given to another person of that issuer (OpenID Connect Core 1.0, 2). */
  readonly subject: string
  /** For people; anybody may have the same. */
  readonly displayName: string
  /** As the issuer calls them. */
  readonly roleNames: readonly string[]
}

/** What identifies the person: `oidc:https://id.example.com#248289761001`. */
export function idOf({ issuer, subject }: Identity): string {
  return `oidc:${issuer}#${subject}`
}

/** `yamada (oidc:https://id.example.com#248289761001)`: no user of our own can be called so. */
export function nameOfIdentity(identity: Identity): string {
  return `${identity.displayName} (${idOf(identity)})`
}

/** The login name is an id too: it can make two people look like one, never one like two. */
export function personOfIdentity(identity: Identity): Person {
  const { ids } = personOf('', [identity.displayName])
  return { name: nameOfIdentity(identity), ids: [idOf(identity), ...ids] }
}
