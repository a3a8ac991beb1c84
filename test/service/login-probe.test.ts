import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'

import type { LoginProbe } from '../../src/domain/target.ts'
import { probeLogin } from '../../src/service/login-probe.ts'

const PASSWORD = 'p"ä\\ss %wörd'

describe('a login probe', { timeout: 60_000 }, () => {
  let folder: string
  let passwordFile: string

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'modosu-login-'))
    passwordFile = join(folder, 'password')
    writeFileSync(passwordFile, `${PASSWORD}\n`, { mode: 0o600 })
  })
  after(() => {
    rmSync(folder, { recursive: true })
  })

  async function listen(server: Server, port = 0): Promise<number> {
    after(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  function probeOf(port: number, more: Partial<LoginProbe> = {}): LoginProbe {
    return {
      url: `http://127.0.0.1:${port}/api/v1/auth/login?key=hidden`,
      username: 'probe',
      passwordFile,
      usernameField: 'username',
      passwordField: 'password',
      expectStatus: 200,
      tokenField: 'token',
      timeoutMs: 10_000,
      insecureSkipVerify: false,
      ...more,
    }
  }

  async function answered(status: number, body: unknown, more: Partial<LoginProbe> = {}) {
    const port = await listen(createServer((_, response) => response.writeHead(status).end(JSON.stringify(body))))
    return probeLogin(probeOf(port, more))
  }

  it('sends name and password as the login page does, once, and is in with a token', async () => {
    const asked: (readonly [IncomingMessage, string])[] = []
    const port = await listen(
      createServer((request, response) => {
        void text(request).then((body) => {
          asked.push([request, body])
          response.writeHead(200).end('{"token":"eyJhbGciOi"}')
        })
      }),
    )
    const finding = await probeLogin(probeOf(port))
    const said = `probe could log in at http://127.0.0.1:${port}/api/v1/auth/login: HTTP 200, with a token`
    assert.deepEqual(finding, { verdict: 'in', text: said })
    const [[request, body] = [], ...more] = asked
    assert.deepEqual(more, [])
    assert.equal(request?.method, 'POST')
    assert.equal(request.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(body ?? ''), { username: 'probe', password: PASSWORD })
  })

  it('is refused by another status, by a redirect, and by an answer without a token', async () => {
    const cases: readonly (readonly [number, unknown, RegExp])[] = [
      [401, { error: 'no' }, /gave HTTP 401; the restored database has the passwords of its time$/],
      [429, {}, /gave HTTP 429$/],
      [302, {}, /gave HTTP 302$/],
      [200, {}, /without a token in token$/],
      [200, { token: '' }, /without a token/],
      [200, [], /without a token/],
      [200, 'token', /without a token/],
    ]
    for (const [status, body, said] of cases) {
      const finding = await answered(status, body)
      assert.equal(finding.verdict, 'refused', JSON.stringify([status, body]))
      assert.match(finding.text, said)
    }
    assert.equal((await answered(204, {}, { tokenField: null, expectStatus: 204 })).verdict, 'in')
    assert.equal((await answered(200, { data: 1, toString: 'x' }, { tokenField: 'constructor' })).verdict, 'refused')
  })

  it('waits for an application that does not listen yet, and for no longer than its time', async () => {
    const free = createServer()
    const port = await listen(free)
    await new Promise((resolve) => free.close(resolve))
    const late = await probeLogin(probeOf(port, { timeoutMs: 300 }))
    assert.deepEqual(late.verdict, 'unknown')
    assert.match(late.text, /^no login was tried: nobody listens at http:/)
    const waiting = probeLogin(probeOf(port))
    await listen(
      createServer((_, response) => response.end('{"token":"t"}')),
      port,
    )
    assert.equal((await waiting).verdict, 'in')
  })

  it('does not try again where the application has not answered', async () => {
    let asked = 0
    const silent: RequestListener = () => {
      asked += 1
    }
    const port = await listen(createServer(silent))
    const finding = await probeLogin(probeOf(port, { timeoutMs: 300 }))
    assert.match(finding.text, /had no answer within 300 ms$/)
    const hangsUp = await listen(
      createServer((request) => {
        asked += 1
        request.socket.destroy()
      }),
    )
    assert.match((await probeLogin(probeOf(hangsUp))).text, /could not be tried: ECONNRESET$/)
    assert.equal(asked, 2)
  })

  it('takes a password only from a file that its owner alone can read, and asks nobody otherwise', async () => {
    let asked = 0
    const port = await listen(
      createServer((_, response) => {
        asked += 1
        response.end()
      }),
    )
    const open = join(folder, 'open')
    writeFileSync(open, PASSWORD, { mode: 0o600 })
    chmodSync(open, 0o640)
    const long = join(folder, 'long')
    writeFileSync(long, 'x'.repeat(2000), { mode: 0o600 })
    const lines = join(folder, 'lines')
    writeFileSync(lines, 'user\nsecret-word\n', { mode: 0o600 })
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\n', { mode: 0o600 })
    const cases: readonly (readonly [string, RegExp])[] = [
      [open, /can be read by others than its owner.*chmod 600 /],
      [long, /does not hold a password alone/],
      [lines, /does not hold a password alone/],
      [empty, /does not hold a password alone/],
      [folder, /can be read by others|EISDIR/],
      [join(folder, 'nowhere'), /ENOENT/],
    ]
    for (const [file, said] of cases) {
      const finding = await probeLogin(probeOf(port, { passwordFile: file }))
      assert.equal(finding.verdict, 'unknown', file)
      assert.match(finding.text, said)
      assert.doesNotMatch(finding.text, /secret-word|xxx/)
    }
    assert.equal(asked, 0)
  })
})
