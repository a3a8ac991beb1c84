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
}

export type Reauthentication = 'web' | 'always' | 'never'

export interface AuthSettings {
  /** null: no users of our own. */
  readonly usersFile: string | null
  readonly sessionIdleMs: number
  readonly sessionLifetimeMs: number
  /** null: no tokens of the application. */
  readonly jwt: ApplicationTokenSettings | null
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
