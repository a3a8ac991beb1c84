/**
 * Logging in at an OpenID Connect issuer: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1;
 * RFC 7636). The issuer is asked for its addresses when somebody first logs in, so that the daemon starts without it.
 */

import { readFileSync } from 'node:fs'

import { decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'

import { messageOf, RestoreError } from '../../domain/errors.ts'
import type { Log } from '../../domain/log.ts'
import type { OpenIdConnectSettings } from '../settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { displayNameOf, roleNamesOf, subjectOf, type Claims } from './claims.ts'
import type { Identity } from './identity.ts'
import { LOGIN_PATH } from './oidc-paths.ts'
import type { PendingLogin, PendingLogins } from './pending-logins.ts'

const TIMEOUT_SECONDS = 5
/** After so long the issuer's addresses are asked for anew; where that fails the known ones stay in use. */
const FRESH_MS = 3_600_000
/** Of two clocks. */
const TOLERANCE_SECONDS = 10
/** None with a shared secret: whoever checks such a token could make one. */
const ALGORITHMS: readonly string[] = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ')

/** As URL writes them. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

export interface Beginning {
  /** Where the browser goes. */
  readonly location: string
  /** For a cookie: only the browser that began may come back. */
  readonly browserKey: string
}

export interface Ending {
  readonly identity: Identity
  readonly login: PendingLogin
}

export class OpenIdConnect {
  readonly settings: OpenIdConnectSettings
  readonly #pending: PendingLogins
  readonly #log: Pick<Log, 'warn'>
  readonly #secret: string | null
  #issuer: { readonly configuration: oidc.Configuration; readonly atMs: number } | null = null
  #underWay: Promise<oidc.Configuration> | null = null

  /** @throws RestoreError `InvalidKey`. */
  constructor(settings: OpenIdConnectSettings, pending: PendingLogins, log: Pick<Log, 'warn'>) {
    this.settings = settings
    this.#pending = pending
    this.#log = log
    this.#secret = settings.clientSecretFile === null ? null : readSecret(settings.clientSecretFile)
  }

  /**
   * @param login where to go afterwards, and whether somebody who is logged in proves it anew.
   * @param address where the browser is.
   * @throws RestoreError `IdentityProviderUnavailable`.
   */
  async begin(login: Pick<PendingLogin, 'returnTo' | 'reauthentication'>, address: string): Promise<Beginning> {
    const configuration = await this.#configuration()
    const [state, browserKey, nonce] = [oidc.randomState(), oidc.randomState(), oidc.randomNonce()]
    const codeVerifier = oidc.randomPKCECodeVerifier()
    const { redirectUrl, scopes } = this.settings
    const location = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUrl,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      ...(login.reauthentication === null ? {} : { prompt: 'login', max_age: '0' }),
    })
    requireSafe(location)
    this.#pending.add(state, browserKey, address, { ...login, nonce, codeVerifier })
    return { location: location.href, browserKey }
  }

  /**
   * @param query as the browser brought it back.
   * @throws RestoreError `Unauthorized` where anything does not fit, `IdentityProviderUnavailable`.
   */
  async finish(query: URLSearchParams, browserKey: string): Promise<Ending> {
    const state = query.get('state') ?? ''
    const login = this.#pending.take(state, browserKey)
    if (login === undefined) throw failed('it was not begun in this browser, was finished before, or took too long')
    const configuration = await this.#configuration()
    const url = new URL(this.settings.redirectUrl)
    url.search = query.toString()
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: login.nonce,
        pkceCodeVerifier: login.codeVerifier,
        idTokenExpected: true,
        ...(login.reauthentication === null ? {} : { maxAge: 0 }),
      })
      const { alg = '' } = decodeProtectedHeader(tokens.id_token ?? '')
      if (!ALGORITHMS.includes(alg)) throw failed(`the ID token is signed by ${alg}`)
      const claims: Claims = { ...tokens.claims() }
      if (login.reauthentication !== null) requireFreshLogin(claims, login.startedMs)
      return { login, identity: await this.#identity(configuration, claims, tokens.access_token) }
    } catch (error) {
      throw this.#explained(error)
    }
  }

  /** Where the browser ends the issuer's own session too; null where the issuer has no such address, or was not asked yet. */
  logoutUrl(): string | null {
    const configuration = this.#issuer?.configuration
    if (configuration?.serverMetadata().end_session_endpoint === undefined) return null
    try {
      const url = oidc.buildEndSessionUrl(configuration)
      // A page goes there: anything but an address of the web would be run by it.
      return isSafe(url) ? url.href : null
    } catch (error) {
      // The session here ends all the same.
      this.#log.warn(`the issuer names no usable address for the logout: ${reasonsOf(error)}`)
      return null
    }
  }

  async #identity(configuration: oidc.Configuration, claims: Claims, accessToken: string): Promise<Identity> {
    const { issuer, roleClaim, nameClaim } = this.settings
    const subject = subjectOf(claims)
    if (subject === undefined) throw failed('the ID token has no usable sub')
    const all = roleNamesOf(claims, roleClaim) === undefined ? await userinfo(configuration, accessToken, subject) : {}
    // What is signed counts before what is not.
    const known = { ...all, ...claims }
    return {
      issuer,
      subject,
      displayName: displayNameOf(known, nameClaim),
      roleNames: roleNamesOf(known, roleClaim) ?? [],
    }
  }

  async #configuration(): Promise<oidc.Configuration> {
    const known = this.#issuer
    if (known !== null && performance.now() - known.atMs < FRESH_MS) return known.configuration
    // One at a time, however many wait for it; after a failure the next call asks again.
    this.#underWay ??= this.#discover().finally(() => {
      this.#underWay = null
    })
    try {
      return await this.#underWay
    } catch (error) {
      if (known !== null) return known.configuration
      throw error
    }
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId } = this.settings
    const url = new URL(issuer)
    try {
      const configuration = await oidc.discovery(
        url,
        clientId,
        { [oidc.clockTolerance]: TOLERANCE_SECONDS },
        authentication(this.#secret),
        {
          timeout: TIMEOUT_SECONDS,
          [oidc.customFetch]: safeFetch,
          execute: [
            // Without this a token that came over TLS from the issuer would be believed unsigned.
            oidc.enableNonRepudiationChecks,
            // For all addresses of the issuer; `safeFetch` keeps plain HTTP to this machine.
            ...(url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
          ],
        },
      )
      this.#issuer = { configuration, atMs: performance.now() }
      return configuration
    } catch (error) {
      throw this.#explained(error)
    }
  }

  #explained(error: unknown): RestoreError {
    if (error instanceof RestoreError) return error
    const { issuer } = this.settings
    const cause = reasonsOf(error)
    this.#log.warn(`a login at ${issuer} failed: ${cause}`)
    if (error instanceof oidc.AuthorizationResponseError) return failed(`the issuer says ${error.error}`, error)
    return isOutage(error) ? unavailable(issuer, error) : failed(cause, error)
  }
}

function readSecret(file: string): string {
  try {
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (secret !== '') return secret
  } catch (error) {
    throw invalidSecret(`cannot read ${file}: ${messageOf(error)}`, error)
  }
  throw invalidSecret(`the file ${file} is empty`)
}

function invalidSecret(message: string, cause?: unknown): RestoreError {
  const hint = 'auth.openidConnect.clientSecretFile holds the secret alone, readable by the daemon'
  return new RestoreError(message, { reason: 'InvalidKey', hint, cause })
}

/** As the issuer asks for it (OpenID Connect Discovery 1.0, 3: Basic where it does not say). */
function authentication(secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None()
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)]
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    ;(methods.includes('client_secret_basic') ? basic : post)(server, client, body, headers)
  }
}

async function safeFetch(url: string, options: oidc.CustomFetchOptions): Promise<Response> {
  requireSafe(new URL(url))
  return boundedFetch(url, options as RequestInit)
}

function requireSafe(url: URL): void {
  if (!isSafe(url)) throw failed(`the issuer names an address without TLS: ${url.origin}`)
}

/** Encrypted, or within this machine. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

async function userinfo(configuration: oidc.Configuration, accessToken: string, subject: string): Promise<Claims> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {}
  return { ...(await oidc.fetchUserInfo(configuration, accessToken, subject)) }
}

/** The library allows for its tolerance only; a login from just before the question is no answer to it. */
function requireFreshLogin({ auth_time: at }: Claims, startedMs: number): void {
  if (typeof at === 'number' && (at + TOLERANCE_SECONDS) * 1000 >= startedMs) return
  throw failed('the issuer did not ask for the password again')
}

/** The errors of fetch and of AbortSignal.timeout, and an issuer that answers with a failure of its own. */
function isOutage(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each.name === 'TimeoutError' || each.name === 'AbortError') return true
    if (each instanceof TypeError && each.message === 'fetch failed') return true
    if (each.cause instanceof Response) return each.cause.status >= 500
  }
  return false
}

function reasonsOf(error: unknown): string {
  const texts: string[] = []
  for (let each = error; each instanceof Error && texts.length < 4; each = each.cause) texts.push(each.message)
  return texts.join(': ')
}

function failed(why: string, cause?: unknown): RestoreError {
  const hint = `begin again: open ${LOGIN_PATH} in the browser`
  return new RestoreError(`the login did not succeed: ${why}`, { reason: 'Unauthorized', hint, cause })
}

function unavailable(issuer: string, cause: unknown): RestoreError {
  return new RestoreError(`the OpenID Connect issuer ${issuer} cannot be reached: ${reasonsOf(cause)}`, {
    reason: 'IdentityProviderUnavailable',
    hint: 'a user of Modosu itself can log in without it: modosu user add NAME --role admin',
    cause,
  })
}
