import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../src/domain/clock.ts'
import type { Target } from '../../src/domain/target.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import { refusalOf } from './refusal.ts'
import { Scratch, targetWith } from './scratch.ts'

const service = createServiceOperations({ clock: systemClock, baseEnvironment: {} })

async function listen(server: Server): Promise<number> {
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A target whose health check asks a real server. */
async function served(answer: RequestListener, timeoutMs: number): Promise<Target> {
  const port = await listen(createServer(answer))
  return checked(`http://127.0.0.1:${port}/api/v1/health`, timeoutMs)
}

function checked(url: string, timeoutMs: number, insecureSkipVerify = false): Target {
  const spec = { unit: 'itsm-nexus-prod.service', stopTimeoutMs: 1, startTimeoutMs: 1 }
  return targetWith(spec, { url, timeoutMs, insecureSkipVerify })
}

describe('a health check', { timeout: 60_000 }, () => {
  it('passes on the first 2xx answer', async () => {
    const asked: string[] = []
    const target = await served((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
      response.writeHead(204).end()
    }, 30_000)
    assert.equal((await service.waitHealthy(target)).attempts, 1)
    assert.deepEqual(asked, ['GET /api/v1/health'])
  })

  it('asks again until the application is ready', async () => {
    let asked = 0
    const target = await served((_, response) => {
      asked += 1
      response.writeHead(asked < 3 ? 503 : 200).end('{"status":"ok"}')
    }, 30_000)
    assert.equal((await service.waitHealthy(target)).attempts, 3)
  })

  it('fails with the last answer, and its hint is what the manual looks at first', async () => {
    const target = await served((_, response) => {
      response.writeHead(503).end()
    }, 700)
    const error = await refusalOf(service.waitHealthy(target))
    assert.equal(error.reason, 'HealthCheckFailed')
    assert.match(
      error.message,
      /is not healthy within 700 ms: http:\/\/127\.0\.0\.1:\d+\/api\/v1\/health gave HTTP 503/,
    )
    assert.equal(
      error.hint,
      'systemctl status itsm-nexus-prod.service; journalctl -u itsm-nexus-prod.service --since "5 minutes ago" -n 50',
    )
  })

  it('takes no redirect for an answer', async () => {
    const target = await served((_, response) => {
      response.writeHead(302, { location: '/login' }).end()
    }, 300)
    assert.match((await refusalOf(service.waitHealthy(target))).message, /HTTP 302/)
  })

  it('says that nobody listens', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const error = await refusalOf(service.waitHealthy(checked(`http://user:secret@localhost:${port}/?token=x`, 300)))
    assert.match(error.message, /ECONNREFUSED/)
    assert.doesNotMatch(error.message, /secret|token/)
  })

  it('is not held up by a server that never answers, or never ends its answer', async () => {
    for (const begin of [false, true]) {
      const target = await served((_, response) => {
        if (begin) response.writeHead(200).write('{')
      }, 300)
      assert.match((await refusalOf(service.waitHealthy(target))).message, /no answer within 300 ms/)
    }
  })

  it('does not read an endless answer to its end', async () => {
    const target = await served((_, response) => {
      response.writeHead(200)
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', pour)
      }
      pour()
    }, 30_000)
    assert.equal((await service.waitHealthy(target)).attempts, 1)
  })

  it('refuses a self-signed certificate unless told otherwise', async () => {
    const scratch = new Scratch()
    const [key, cert] = [scratch.at('key.pem'), scratch.at('cert.pem')]
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ]
    execFileSync('openssl', [...request, '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const server = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
      response.end('{}')
    })
    const url = `https://localhost:${await listen(server)}/api/v1/health`
    assert.equal((await service.waitHealthy(checked(url, 30_000, true))).attempts, 1)
    const error = await refusalOf(service.waitHealthy(checked(url, 300)))
    assert.match(error.message, /SELF_SIGNED/)
    assert.match(error.hint ?? '', /insecureSkipVerify/)
  })

  it('can be interrupted', async () => {
    const target = await served(() => undefined, 60_000)
    const error = await refusalOf(service.waitHealthy(target, AbortSignal.timeout(100)))
    assert.equal(error.reason, 'Interrupted')
  })
})
