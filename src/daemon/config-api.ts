/** `api` and `auth` of the configuration file, resolved. */

import { isIPv4 } from 'node:net'
import { join } from 'node:path'

import type { Role } from '../api/caller.ts'
import { CALLBACK_PATH } from '../api/auth/oidc-paths.ts'
import type { ApplicationTokenSettings, AuthSettings, OpenIdConnectSettings, TlsSettings } from '../api/settings.ts'
import type { Configuration } from './configuration.ts'
import type { Path, ValueReader } from './config-values.ts'

/** The application itself sits on 6443. */
const DEFAULT_PORT = 9470

export interface RawApi {
  readonly socket?: string
  readonly listen?: string | null
  readonly tls: { readonly cert?: string; readonly key?: string; readonly selfSigned: boolean }
  readonly trustProxy: readonly string[]
  readonly rateLimit: { readonly requests: number; readonly window: string }
  readonly confirmDefault: boolean
}

interface RawJwt {
  readonly algorithm: ApplicationTokenSettings['algorithm']
  readonly secretFile?: string
  readonly publicKeyFile?: string
  readonly jwksFile?: string
  readonly jwksUrl?: string
  readonly issuer?: string
  readonly audience?: string
  readonly roleClaim: string
  readonly nameClaim: string
  readonly roles: Readonly<Record<string, Role>>
  readonly targets?: readonly string[]
  readonly revokedTokensTable: string | null
}

interface RawOpenIdConnect extends Omit<OpenIdConnectSettings, 'clientSecretFile' | 'targets'> {
  readonly clientSecretFile?: string
  readonly targets?: readonly string[]
}

export interface RawAuth {
  readonly users: { readonly file?: string }
  readonly sessions: { readonly idle: string; readonly lifetime: string }
  readonly jwt: RawJwt | null
  readonly openidConnect: RawOpenIdConnect | null
  readonly reauth: AuthSettings['reauth']
}

export function resolveApi(raw: RawApi, stateDir: string, values: ValueReader): Configuration['api'] {
  const listen = values.listen(raw.listen, ['api', 'listen'], DEFAULT_PORT)
  const tls = resolveTls(raw.tls, values)
  if (listen !== null && tls === null && !isLoopback(listen.host)) {
    values.refuse(
      ['api', 'listen'],
      `${listen.host} is no loopback address: plain HTTP would send passwords and tokens over the network`,
      'give api.tls a cert and a key, or selfSigned: true; or listen on 127.0.0.1 behind a reverse proxy',
    )
  }
  return {
    socket: raw.socket === undefined ? join(stateDir, 'api.sock') : values.path(raw.socket, ['api', 'socket']),
    listen,
    tls,
    trustProxy: raw.trustProxy,
    rateLimit: {
      requests: raw.rateLimit.requests,
      windowMs: values.timerMs(raw.rateLimit.window, ['api', 'rateLimit', 'window']),
    },
    confirmDefault: raw.confirmDefault,
  }
}

/** By its spelling alone: what a name resolves to can change after the check. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function resolveTls({ cert, key, selfSigned }: RawApi['tls'], values: ValueReader): TlsSettings | null {
  const at: Path = ['api', 'tls']
  if ((cert === undefined) !== (key === undefined)) {
    values.refuse(at, 'cert and key belong together', 'give both, or selfSigned: true')
  }
  if (cert === undefined || key === undefined) return selfSigned ? { kind: 'self-signed' } : null
  if (selfSigned) values.refuse(at, 'cert and selfSigned exclude each other', 'keep one of them')
  return { kind: 'files', certFile: values.path(cert, [...at, 'cert']), keyFile: values.path(key, [...at, 'key']) }
}

/** @param targets the names that there are. */
export function resolveAuth(raw: RawAuth, targets: readonly string[], values: ValueReader): AuthSettings {
  const { users, sessions, jwt, openidConnect, reauth } = raw
  return {
    usersFile: users.file === undefined ? null : values.path(users.file, ['auth', 'users', 'file']),
    sessionIdleMs: values.durationMs(sessions.idle, ['auth', 'sessions', 'idle']),
    sessionLifetimeMs: values.durationMs(sessions.lifetime, ['auth', 'sessions', 'lifetime']),
    jwt: jwt === null ? null : resolveJwt(jwt, targets, values),
    openidConnect: openidConnect === null ? null : resolveOpenIdConnect(openidConnect, targets, values),
    reauth,
  }
}

function resolveJwt(raw: RawJwt, targets: readonly string[], values: ValueReader): ApplicationTokenSettings {
  const at: Path = ['auth', 'jwt']
  refuseUnknown(raw.targets ?? [], targets, at, values)
  if (raw.targets === undefined && targets.length > 1) {
    const hint = "name those whose database is the application's: auth.jwt.targets"
    values.refuse(at, 'there are several targets, and an admin of one application is no admin of the others', hint)
  }
  return {
    algorithm: raw.algorithm,
    key: resolveKey(raw, at, values),
    issuer: raw.issuer ?? null,
    audience: raw.audience ?? null,
    roleClaim: raw.roleClaim,
    nameClaim: raw.nameClaim,
    roles: raw.roles,
    targets: raw.targets ?? targets,
    revokedTable: raw.revokedTokensTable,
  }
}

const KEY_KINDS = {
  secretFile: 'secret',
  publicKeyFile: 'public-key',
  jwksFile: 'jwks-file',
  jwksUrl: 'jwks-url',
} as const

function resolveKey(raw: RawJwt, at: Path, values: ValueReader): ApplicationTokenSettings['key'] {
  const given = (['secretFile', 'publicKeyFile', 'jwksFile', 'jwksUrl'] as const).flatMap((field) => {
    const from = raw[field]
    return from === undefined ? [] : [{ field, from }]
  })
  const [only, second] = given
  if (only === undefined || second !== undefined) {
    values.refuse(
      at,
      'the key of the tokens is given not once',
      'give one of secretFile, publicKeyFile, jwksFile, jwksUrl',
    )
    return { kind: 'secret', from: '' }
  }
  const { field, from } = only
  if ((field === 'secretFile') !== (raw.algorithm === 'HS256')) {
    values.refuse(
      [...at, field],
      `is no key for ${raw.algorithm}`,
      'HS256 takes a secretFile, RS256 and ES256 the others',
    )
  }
  if (field !== 'jwksUrl') return { kind: KEY_KINDS[field], from: values.path(from, [...at, field]) }
  safeUrl(from, [...at, field], values)
  return { kind: 'jwks-url', from }
}

function refuseUnknown(names: readonly string[], targets: readonly string[], at: Path, values: ValueReader): void {
  for (const [index, name] of names.entries()) {
    if (!targets.includes(name)) values.refuse([...at, 'targets', index], `there is no target ${name}`, null)
  }
}

/** @returns null for one that was refused. */
function safeUrl(text: string, at: Path, values: ValueReader): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const plain = url?.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (url !== null && (plain || url.protocol === 'https:') && url.username === '' && url.password === '') return url
  values.refuse(at, 'is no https address, nor http on loopback', 'without a user or a password in it')
  return null
}

function resolveOpenIdConnect(
  raw: RawOpenIdConnect,
  targets: readonly string[],
  values: ValueReader,
): OpenIdConnectSettings {
  const at: Path = ['auth', 'openidConnect']
  refuseUnknown(raw.targets ?? [], targets, at, values)
  const issuer = safeUrl(raw.issuer, [...at, 'issuer'], values)
  if (issuer !== null && `${issuer.search}${issuer.hash}` !== '') {
    values.refuse(
      [...at, 'issuer'],
      'has a query or a fragment',
      'OpenID Connect Discovery 1.0, 3: an issuer has neither',
    )
  }
  const redirect = safeUrl(raw.redirectUrl, [...at, 'redirectUrl'], values)
  if (
    redirect !== null &&
    (!redirect.pathname.endsWith(CALLBACK_PATH) || `${redirect.search}${redirect.hash}` !== '')
  ) {
    values.refuse(
      [...at, 'redirectUrl'],
      `does not end with ${CALLBACK_PATH}`,
      'a reverse proxy may have a path before it',
    )
  }
  const { clientSecretFile } = raw
  return {
    ...raw,
    clientSecretFile:
      clientSecretFile === undefined ? null : values.path(clientSecretFile, [...at, 'clientSecretFile']),
    scopes: [...new Set(['openid', ...raw.scopes])],
    targets: raw.targets ?? null,
  }
}
