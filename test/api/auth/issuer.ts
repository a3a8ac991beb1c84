/** An OpenID Connect issuer on loopback that really issues: codes once, PKCE and the client's secret checked, tokens signed. */

import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'

import { fastify } from 'fastify'
import { SignJWT } from 'jose'

export const CLIENT_ID = 'modosu'
export const CLIENT_SECRET = 'secret-of-the-client-0123456789-ABCDEF'

export type Claims = Record<string, unknown>

interface Code {
  readonly redirectUri: string
  readonly challenge: string
  readonly nonce: string
}

/** Making one takes a tenth of a second. */
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

export class Issuer {
  readonly #app = fastify()
  readonly #codes = new Map<string, Code>()
  url = ''
  /** What a token says besides the usual; null takes a claim away. A test changes it. */
  claims: Claims = {}
  /** What the userinfo endpoint says besides the subject. */
  userinfo: Claims = {}
  /** Makes the token of its claims. */
  sign = (claims: Claims): Promise<string> | string =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: '1' }).sign(keys.privateKey)
  /** Where a browser ends the session here. */
  logout: string | null = null
  /** How many bytes the set of keys has at least. */
  keyBytes = 0
  /** Parameters of the last request for a code. */
  asked: URLSearchParams | null = null

  /** @param port 0: any free one. */
  static async start(port = 0): Promise<Issuer> {
    const issuer = new Issuer()
    issuer.#addRoutes()
    issuer.url = await issuer.#app.listen({ host: '127.0.0.1', port })
    return issuer
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  close(): Promise<void> {
    return this.#app.close()
  }

  /**
   * The browser at the issuer's page, where somebody logs in.
   *
   * @returns where it is sent back to, as path and query.
   */
  async authorize(location: string): Promise<string> {
    const { status, headers } = await fetch(location, { redirect: 'manual' })
    if (status !== 302) throw new Error(`the issuer answers ${status}`)
    const { pathname, search } = new URL(headers.get('location') ?? '')
    return `${pathname}${search}`
  }

  #addRoutes(): void {
    const app = this.#app
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
      done(null, new URLSearchParams(String(body)))
    })
    app.get('/.well-known/openid-configuration', () => ({
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      userinfo_endpoint: `${this.url}/userinfo`,
      end_session_endpoint: this.logout ?? `${this.url}/logout`,
      jwks_uri: `${this.url}/keys`,
      response_types_supported: ['code'],
      // What an issuer admits to is no reason to take it.
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
    }))
    app.get('/keys', () => ({
      keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' }],
      filler: 'x'.repeat(this.keyBytes),
    }))
    app.get('/authorize', (request, reply) => {
      const query = new URL(request.url, this.url).searchParams
      const get = (name: string): string => query.get(name) ?? ''
      const fits =
        get('client_id') === CLIENT_ID &&
        get('response_type') === 'code' &&
        get('scope').split(' ').includes('openid') &&
        get('code_challenge_method') === 'S256'
      if (!fits) return reply.status(400).send()
      this.asked = query
      const code = randomBytes(16).toString('hex')
      this.#codes.set(code, { redirectUri: get('redirect_uri'), challenge: get('code_challenge'), nonce: get('nonce') })
      const back = new URL(get('redirect_uri'))
      back.searchParams.set('code', code)
      back.searchParams.set('state', get('state'))
      return reply.redirect(back.href, 302)
    })
    app.post('/token', async (request, reply) => {
      const body = request.body as URLSearchParams
      const code = this.#codes.get(body.get('code') ?? '')
      this.#codes.delete(body.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(body.get('code_verifier') ?? '')
        .digest('base64url')
      if (
        basicOf(request.headers.authorization) !== `${CLIENT_ID}:${CLIENT_SECRET}` ||
        code?.challenge !== challenge ||
        code.redirectUri !== body.get('redirect_uri')
      ) {
        return reply.status(400).send({ error: 'invalid_grant' })
      }
      const nowSeconds = Math.floor(Date.now() / 1000)
      const usual = { iss: this.url, aud: CLIENT_ID, sub: '248289761001', nonce: code.nonce, iat: nowSeconds }
      const all: Claims = { ...usual, exp: nowSeconds + 300, auth_time: nowSeconds, ...this.claims }
      const claims = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
      return { access_token: 'opaque', token_type: 'Bearer', id_token: await this.sign(claims) }
    })
    app.get('/userinfo', (request, reply) =>
      request.headers.authorization === 'Bearer opaque'
        ? { sub: '248289761001', ...this.userinfo }
        : reply.status(401).send(),
    )
  }
}

/** RFC 6749, 2.3.1: both parts are form-encoded before they are put together. */
function basicOf(header = ''): string {
  const text = Buffer.from(header.replace(/^Basic /, ''), 'base64').toString()
  return text.split(':').map(decodeURIComponent).join(':')
}
