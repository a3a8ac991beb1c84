/** The manual's own commands, asked of nginx in front of an application, as docs/api.md sets it up. */

import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { SignJWT } from 'jose'

import { read } from '../docs/markdown.ts'
import { Installation, until } from '../support/installation.ts'
import * as manual from './manual-commands.ts'
import { comparesAsPrinted, makeBackups, missing, shell, UNLIMITED } from './manual-printed.ts'
import { freePort } from '../support/free-port.ts'

describe('the commands of the manual, asked of nginx', { skip: missing('curl', 'jq', 'nginx', 'openssl') }, () => {
  const installation = new Installation({ target: UNLIMITED })
  const secret = randomBytes(48)
  const application = createServer((request, response) => {
    void answer(request.url ?? '', secret).then((body) => {
      response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body ?? { error: 'the application has no such route' }))
    })
  })
  let nginx: ChildProcess
  let host = ''

  before(async () => {
    const secretFile = join(installation.folder, 'jwt.secret')
    writeFileSync(secretFile, secret.toString('base64'), { mode: 0o600 })
    installation.configure({
      target: UNLIMITED,
      configuration: {
        api: { listen: '127.0.0.1:0', trustProxy: ['127.0.0.1'] },
        auth: { jwt: { secretFile, targets: ['app'] } },
      },
    })
    makeBackups(installation)
    await installation.start()
    const api = /the API listens on http:\/\/([^ ,"]+)/.exec(installation.log())?.[1] ?? ''
    application.listen(0, '127.0.0.1')
    await once(application, 'listening')
    const { port } = application.address() as AddressInfo
    const front = await freePort()
    nginx = startNginx(installation.folder, { api, application: `127.0.0.1:${port}`, front })
    await until(
      () => answers(front),
      'reach nginx',
      () => '',
    )
    host = `https://localhost:${front}`
  })
  after(async () => {
    application.close()
    nginx.kill('SIGTERM')
    await once(nginx, 'exit')
    await installation.remove()
  })

  comparesAsPrinted(() => host)

  it('leaves everything else to the application', async () => {
    for (const command of [
      'curl -sk -X POST https://localhost:6443/api/v1/backups',
      'curl -sk -X DELETE https://localhost:6443/api/v1/backups/BKP-20260215-020015-daily',
      'curl -sk https://localhost:6443/api/v1/incidents',
    ]) {
      assert.match(await shell(host, command), /the application has no such route/)
    }
  })

  it('refuses a token from before the last restore', async () => {
    const printed = await shell(host, manual.LOGIN, manual.RESTORE, manual.LIST.replace(/\| jq.*$/, ''))
    assert.match(printed, /Restore completed successfully/)
    assert.match(printed, /トークンが無効または期限切れです/)
  })
})

/** What the application answers: a token of its own, and its health. */
async function answer(url: string, secret: Buffer): Promise<object | null> {
  if (url === '/api/v1/health') return { status: 'OK', timestamp: new Date().toISOString(), version: '1.0.0' }
  if (url !== '/api/v1/auth/login') return null
  // The time of issue has whole seconds: in the next one it is after everything that was before this call.
  await delay(1000 - (Date.now() % 1000))
  const token = await new SignJWT({ id: 1, username: 'admin', role: 'admin', email: 'admin@example.com' })
    .setProtectedHeader({ alg: 'HS256' })
    .setJti(randomBytes(8).toString('hex'))
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(secret.toString('base64')))
  return { message: 'ログインに成功しました', token }
}

/** nginx with the server of docs/api.md, whose addresses and files alone are others. */
function startNginx(
  folder: string,
  { api, application, front }: { readonly api: string; readonly application: string; readonly front: number },
): ChildProcess {
  const home = join(folder, 'nginx')
  mkdirSync(home)
  const [cert, key] = [join(home, 'cert.pem'), join(home, 'key.pem')]
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost']
  const made = spawnSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert])
  assert.equal(made.status, 0, String(made.stderr))
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(read('docs/api.md')) ?? []
  const server = block
    .replace('127.0.0.1:9470', api)
    .replace('127.0.0.1:6444', application)
    .replace('listen 6443', `listen 127.0.0.1:${front}`)
    .replace('/etc/nginx/itsm-nexus.crt', cert)
    .replace('/etc/nginx/itsm-nexus.key', key)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${home}/${kind};`,
  )
  const conf = join(home, 'nginx.conf')
  writeFileSync(
    conf,
    `daemon off;\npid ${home}/pid;\nerror_log ${home}/error.log;\nevents {}\nhttp {\naccess_log off;\n${temporary.join('\n')}\n${server}}\n`,
  )
  return spawn('nginx', ['-p', home, '-c', conf, '-e', `${home}/error.log`], { stdio: 'ignore' })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}
