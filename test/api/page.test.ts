import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'

import { loadPage } from '../../src/api/page.ts'
import { ROUTES } from '../../src/api/routes.ts'
import { startTcpApi, type TcpApi } from '../../src/api/tcp-api.ts'
import { systemClock } from '../../src/domain/clock.ts'
import { Workplace } from '../cli/workplace.ts'
import { contextOf } from './door.ts'

const SCRIPT = 'console.log("the page")'

let place: Workplace
let backstage: ReturnType<typeof contextOf>
let folder: string
let api: TcpApi | undefined

beforeEach(() => {
  place = new Workplace()
  backstage = contextOf(place)
  folder = mkdtempSync(join(tmpdir(), 'modosu-page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Modosu</title>')
  writeFileSync(join(folder, 'assets', 'index-Ab12.js'), SCRIPT)
  writeFileSync(join(folder, 'assets', 'index-Ab12.css'), 'body{}')
  writeFileSync(join(folder, 'licenses.md'), 'MIT')
})

afterEach(async () => {
  await api?.close()
  api = undefined
  await backstage.close()
  place.close()
  rmSync(folder, { recursive: true })
})

async function start(from = folder): Promise<string> {
  api = await startTcpApi({
    settings: {
      host: '127.0.0.1',
      port: 0,
      tls: null,
      trustProxy: [],
      rateLimit: { requests: 600, windowMs: 60_000 },
    },
    routes: ROUTES,
    context: backstage.context,
    authenticate: () => Promise.resolve(null),
    page: loadPage(from),
    stateDir: place.stateDir,
    clock: systemClock,
  })
  return `http://127.0.0.1:${api.address.port}`
}

describe('the web page', () => {
  it('is one document for every view, which runs nothing but its own files', async () => {
    const url = await start()
    for (const path of ['/', '/?restore=BKP-1', '/ui/settings/backups', '/ui/requests/inc-4711']) {
      const response = await fetch(`${url}${path}`)
      assert.equal(response.status, 200, path)
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
      assert.match(await response.text(), /<title>Modosu/)
      const policy = response.headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none';script-src 'self';style-src 'self'/)
      assert.match(policy, /require-trusted-types-for 'script'/)
      assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/)
      // Whoever was logged in must not be seen by going back.
      assert.equal(response.headers.get('cache-control'), 'no-store')
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    }
  })

  it('has files that are kept for good, for their names change with their content, and are sent compressed', async () => {
    const url = await start()
    const response = await fetch(`${url}/assets/index-Ab12.js`, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(response.headers.get('content-encoding'), 'gzip')
    assert.equal(response.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(await response.text(), SCRIPT)
    const page = loadPage(folder)
    assert.equal(gunzipSync(page?.assets.get('index-Ab12.js')?.gzipped ?? '').toString(), SCRIPT)
    const plain = await fetch(`${url}/assets/index-Ab12.css`, { headers: { 'accept-encoding': 'gzip;q=0' } })
    assert.equal(plain.headers.get('content-encoding'), null)
    assert.equal(await plain.text(), 'body{}')
  })

  it('gives away no other file, and changes nothing about the API', async () => {
    const url = await start()
    for (const path of [
      '/licenses.md',
      '/assets/',
      '/assets/..%2findex.html',
      '/assets/none.js',
      '/uix',
      '/api/v1/backups',
    ]) {
      assert.equal((await fetch(`${url}${path}`)).status, 401, path)
    }
    assert.equal((await fetch(`${url}/`, { method: 'POST' })).status, 401)
    assert.equal((await fetch(`${url}/apis/modosu.dev/v1/healthz`)).status, 200)
  })

  it('is not there where it was not built', async () => {
    assert.equal(loadPage(join(folder, 'nothing')), null)
    const url = await start(join(folder, 'nothing'))
    assert.equal((await fetch(`${url}/`)).status, 401)
  })
})
