import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { get as httpGet, type IncomingMessage } from 'node:http'
import { get as httpsGet, type RequestOptions } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { connect as tlsConnect } from 'node:tls'

import { ROUTES } from '../../src/api/routes.ts'
import type { ListenerSettings } from '../../src/api/settings.ts'
import { startTcpApi, type TcpApi, type TcpApiOptions } from '../../src/api/tcp-api.ts'
import { parseConfiguration } from '../../src/daemon/config.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { Workplace } from '../cli/workplace.ts'
import { contextOf } from './door.ts'

const PLAIN: ListenerSettings = {
  host: '127.0.0.1',
  port: 0,
  tls: null,
  trustProxy: [],
  rateLimit: { requests: 600, windowMs: 60_000 },
}

let place: Workplace
let backstage: ReturnType<typeof contextOf>
let api: TcpApi | undefined
const sockets: Socket[] = []

beforeEach(() => {
  place = new Workplace()
  backstage = contextOf(place)
})

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await api?.close()
  api = undefined
  await backstage.close()
  place.close()
})

async function start(settings: Partial<ListenerSettings> = {}, extra: Partial<TcpApiOptions> = {}): Promise<number> {
  api = await startTcpApi({
    settings: { ...PLAIN, ...settings },
    routes: ROUTES,
    context: backstage.context,
    authenticate: () => Promise.resolve(null),
    stateDir: place.stateDir,
    clock: systemClock,
    ...extra,
  })
  return api.address.port
}

interface Got {
  readonly response: IncomingMessage
  readonly body: string
}

async function ask(port: number, path: string, options: RequestOptions = {}, https = false): Promise<Got> {
  const get = https ? httpsGet : httpGet
  const request = get({ host: '127.0.0.1', port, path, agent: false, ...options })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { response, body: await text(response) }
}

const HEALTH = '/apis/modosu.dev/v1/healthz'

describe('the API over TLS', () => {
  it('answers by a certificate of its own for this host, whose key nobody else may read, and keeps it', async () => {
    const port = await start({ tls: { kind: 'self-signed' } })
    const ca = readFileSync(join(place.stateDir, 'api-cert.pem'))
    const { response, body } = await ask(port, HEALTH, { ca, servername: 'localhost' }, true)
    assert.equal(response.statusCode, 200)
    assert.equal(body, '{"status":"ok"}')
    assert.match(String(response.headers['strict-transport-security']), /max-age=31536000/)
    assert.equal(statSync(join(place.stateDir, 'api-tls.pem')).mode & 0o777, 0o600)
    assert.match(new X509Certificate(ca).subjectAltName ?? '', /DNS:localhost.*IP Address:127\.0\.0\.1/)
    await api?.close()
    await start({ tls: { kind: 'self-signed' } })
    assert.deepEqual(readFileSync(join(place.stateDir, 'api-cert.pem')), ca)
  })

  it('speaks nothing older than TLS 1.2', async () => {
    const port = await start({ tls: { kind: 'self-signed' } })
    const socket = tlsConnect({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    sockets.push(socket)
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /protocol version|unsupported protocol/i)
  })

  it('answers while hundreds of clients never finish the handshake', async () => {
    const port = await start({ tls: { kind: 'self-signed' } })
    await openSilently(port, 200)
    const { response } = await ask(port, HEALTH, { rejectUnauthorized: false }, true)
    assert.equal(response.statusCode, 200)
  })
})

async function openSilently(port: number, count: number): Promise<void> {
  const opened = Array.from({ length: count }, async () => {
    const socket = connect(port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => undefined)
    await once(socket, 'connect')
  })
  await Promise.all(opened)
}

describe('the API over plain HTTP', () => {
  it('is refused by the configuration anywhere but on loopback', () => {
    const parse = (listen: string, tls: string) =>
      parseConfiguration(
        Buffer.from(
          `apiVersion: modosu.dev/v1\nkind: Configuration\nstateDir: /var/lib/x\napi: {listen: "${listen}", tls: ${tls}}\n` +
            'targets: [{name: a, database: /srv/a/a.db, backups: {path: /srv/a/backups}}]\n',
        ),
        '/etc/modosu/modosu.yaml',
      ).api.listen
    for (const listen of ['0.0.0.0:9470', '[::]:9470', '192.0.2.1:80', 'host.example:80', '127.0.0.1.example:80']) {
      assert.throws(() => parse(listen, '{}'), /is no loopback address: plain HTTP would send passwords/, listen)
      assert.doesNotThrow(() => parse(listen, '{selfSigned: true}'))
    }
    assert.deepEqual(parse('127.0.0.1', '{}'), { host: '127.0.0.1', port: 9470 })
    assert.deepEqual(parse('[::1]', '{}'), { host: '::1', port: 9470 })
    assert.deepEqual(parse('localhost:80', '{}'), { host: 'localhost', port: 80 })
  })

  it('answers nobody without a credential, whether the route exists or not, and lets nothing be stored or framed', async () => {
    const port = await start()
    for (const path of ['/apis/modosu.dev/v1/restorerequests', '/apis/modosu.dev/v1/nothing', '/']) {
      const { response, body } = await ask(port, path)
      assert.equal(response.statusCode, 401)
      const { error, message } = JSON.parse(body) as Record<string, unknown>
      assert.deepEqual([error, message], ['認証トークンがありません', 'Authentication token is required'])
      const { headers } = response
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'")
      assert.equal(headers['strict-transport-security'], undefined)
      assert.equal(headers['ratelimit-policy'], '600;w=60')
    }
  })

  it('refuses the call beyond the limit with 429, and believes no forwarded address that it was not told to', async () => {
    const port = await start({ rateLimit: { requests: 2, windowMs: 60_000 } })
    const call = (from: string) => ask(port, HEALTH, { headers: { 'x-forwarded-for': from } })
    await call('192.0.2.1')
    await call('192.0.2.2')
    const { response, body } = await call('192.0.2.3')
    assert.equal(response.statusCode, 429)
    assert.ok(Number(response.headers['retry-after']) > 0)
    assert.equal((JSON.parse(body) as { error: string }).error, 'Too Many Requests')
  })

  it('refuses beyond the limit whoever has a wrong credential or asks for what is not there, before either is looked at', async () => {
    let looks = 0
    const authenticate = () => {
      looks += 1
      return Promise.resolve(null)
    }
    for (const path of ['/apis/modosu.dev/v1/restorerequests', '/nothing']) {
      looks = 0
      const port = await start({ rateLimit: { requests: 2, windowMs: 60_000 } }, { authenticate })
      const statuses: (number | undefined)[] = []
      for (let call = 0; call < 4; call += 1) statuses.push((await ask(port, path)).response.statusCode)
      assert.deepEqual(statuses, [401, 401, 429, 429], path)
      assert.equal(looks, 2)
      await api?.close()
    }
  })

  it('takes over another limit while it runs', async () => {
    let rateLimit = { requests: 1, windowMs: 60_000 }
    const port = await start({}, { rateLimit: () => rateLimit })
    const status = async () => (await ask(port, HEALTH)).response.statusCode
    assert.deepEqual([await status(), await status()], [200, 429])
    rateLimit = { requests: 10, windowMs: 60_000 }
    const { response } = await ask(port, HEALTH)
    assert.equal(response.statusCode, 200)
    assert.equal(response.headers['ratelimit-policy'], '10;w=60')
  })

  it('tells clients apart behind a proxy that it trusts', async () => {
    const port = await start({ rateLimit: { requests: 1, windowMs: 60_000 }, trustProxy: ['127.0.0.1'] })
    for (const from of ['192.0.2.1', '192.0.2.2']) {
      assert.equal((await ask(port, HEALTH, { headers: { 'x-forwarded-for': from } })).response.statusCode, 200)
    }
  })

  it('answers 503 once the daemon stops', async () => {
    const port = await start()
    api?.drain()
    const { response, body } = await ask(port, HEALTH)
    assert.equal(response.statusCode, 503)
    assert.equal((JSON.parse(body) as { error: string }).error, 'the daemon is stopping')
  })

  it('names the address where it cannot listen', async () => {
    const port = await start()
    const first = api
    await assert.rejects(start({ port }), { reason: 'ListenFailed', message: /cannot listen on 127\.0\.0\.1:/ })
    api = first
  })
})
