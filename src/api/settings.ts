/** What the configuration says of the API's TCP listener and of who may use it, resolved. */

import type { Role } from './caller.ts'

export interface ApplicationTokenSettings {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256'
  /** Where the key is. */
  readonly key: { readonly kind: 'secret' | 'public-key' | 'jwks-file' | 'jwks-url'; readonly from: string }
  readonly issuer: string | null
  readonly audience: string | null
  readonly roleClaim: string
  readonly nameClaim: string
  /** From a role of the application to ours. */
  readonly roles: Readonly<Record<string, Role>>
  /** Whose database the application's is. */
  readonly targets: readonly string[]
  /** The table of these databases that lists revoked tokens; null: there is none. */
  readonly revokedTable: string | null
}

export interface OpenIdConnectSettings {
  /** As the issuer spells itself. */
  readonly issuer: string
  readonly clientId: string
  /** null: a public client. */
  readonly clientSecretFile: string | null
  /** Where the issuer sends the browser: this daemon, as the browser knows it. */
  readonly redirectUrl: string
  readonly scopes: readonly string[]
  readonly roleClaim: string
  readonly nameClaim: string
  /** From what the issuer says to ours. */
  readonly roles: Readonly<Record<string, Role>>
  /** null: all of them. */
  readonly targets: readonly string[] | null
}

export type Reauthentication = 'web' | 'always' | 'never'

export interface AuthSettings {
  /** null: no users of our own. */
  readonly usersFile: string | null
  readonly sessionIdleMs: number
  readonly sessionLifetimeMs: number
  /** null: no tokens of the application. */
  readonly jwt: ApplicationTokenSettings | null
  /** null: nobody logs in at an issuer. */
  readonly openidConnect: OpenIdConnectSettings | null
  readonly reauth: Reauthentication
}

export type TlsSettings =
  { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string } | { readonly kind: 'self-signed' }

export interface ListenerSettings {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** null: plain HTTP, which is refused on anything but loopback. */
  readonly tls: TlsSettings | null
  /** Addresses or networks, or `loopback`. */
  readonly trustProxy: readonly string[]
  readonly rateLimit: { readonly requests: number; readonly windowMs: number }
}
