/**
 * The image: built from the Dockerfile by buildah, and run by podman on a read-only root file system, with a restore done inside.
 * `npm run test:image`; it skips itself where a part is missing. Its base is a clean Debian 12 with
 * the Node.js that the package brings, and the modules that were compiled for it, so that no registry is asked: all of the Dockerfile runs
 * but `npm ci`.
 */
import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { productionPackages, toolPackages } from '../packaging/deb/production.mjs'
import { layCheckout, nodeRuntime, SHIPPED_MAJOR } from '../packaging/node-runtime.mjs'
import { until } from './container.mjs'
import { debianArchive, hindrance, run, scratchMount } from './debian-root.mjs'
import { layApplication, request } from './package-test-application.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** The image's own user. */
const USER = 10001

const reason = hindrance(['buildah', 'podman', 'runc'])
if (reason !== null) {
  process.stdout.write(`test:image skipped: ${reason}\n`)
  process.exit(0)
}

const CONFIGURATION = `apiVersion: modosu.dev/v1
kind: Configuration
stateDir: /var/lib/modosu
spool: {path: /var/spool/modosu}
metrics: {listen: 127.0.0.1:9469}
targets:
  - name: app
    database: /srv/app/app.db
    backups: {path: /srv/app/backups}
    smokeQueries: [{name: orders, sql: SELECT COUNT(*) FROM orders, min: 1000}]
    hooks: {postRestore: [{name: leaves-an-orphan, command: [/bin/sh, -c, "(sleep 0.1 &)"]}]}
`

const runtime = nodeRuntime(ROOT, SHIPPED_MAJOR)
const { folder, remove } = scratchMount()
const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'overlay']

const buildah = (...words) => run('buildah', [...storage, ...words], { cwd: runtime.place }).stdout
const podman = (words, options) => run('podman', [...storage, '--runtime', '/usr/sbin/runc', ...words], options)
const inside = (...words) => podman(['exec', 'modosu', ...words], { mayFail: true })

async function check(name, body) {
  const began = Date.now()
  await body()
  process.stdout.write(`ok   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`)
}

/** What the official image of Node.js would be: the same major version, on the same Debian. */
function makeBase() {
  const root = join(folder, 'root')
  mkdirSync(root)
  run('tar', ['-C', root, '-xf', debianArchive()])
  const local = join(root, 'usr/local')
  copyFileSync(runtime.node, join(local, 'bin/node'))
  chmodSync(join(local, 'bin/node'), 0o755)
  const modules = join(dirname(dirname(process.execPath)), 'lib/node_modules/npm')
  cpSync(modules, join(local, 'lib/node_modules/npm'), { recursive: true })
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(local, 'bin/npm'))
  run('tar', ['-C', root, '--numeric-owner', '-cf', join(folder, 'base.tar'), '.'])
  podman(['import', join(folder, 'base.tar'), 'localhost/base'])
}

function build() {
  layCheckout(ROOT, runtime.place)
  const ignore = join(folder, 'ignore')
  // What compiles and what runs, and not what tests.
  const modules = ['.bin/tsc', 'typescript', '@types', 'undici-types'].map((name) => `node_modules/${name}`)
  const page = toolPackages(ROOT, ['vite', 'preact', '@preact/signals'])
  const kept = [...modules, ...page, ...productionPackages(ROOT)].map((path) => `!${path}\n`)
  writeFileSync(ignore, readFileSync(join(ROOT, '.dockerignore'), 'utf8') + kept.join(''))
  const args = ['BASE=localhost/base', 'COMPILER=true', 'INSTALL=true'].flatMap((arg) => ['--build-arg', arg])
  const words = [
    '--isolation',
    'chroot',
    '--network',
    'host',
    '--format',
    'docker',
    '--pull-never',
    '--ignorefile',
    ignore,
  ]
  buildah('bud', ...words, ...args, '--tag', 'localhost/modosu', '.')
}

function start() {
  const place = (name) => join(folder, name)
  mkdirSync(place('state'))
  chownSync(place('state'), USER, USER)
  mkdirSync(place('spool'))
  mkdirSync(place('app'))
  layApplication(place('app'), USER)
  writeFileSync(place('modosu.yaml'), CONFIGURATION)
  const mounts = {
    app: '/srv/app',
    state: '/var/lib/modosu',
    spool: '/var/spool/modosu:ro',
    'modosu.yaml': '/etc/modosu/modosu.yaml:ro',
  }
  const volumes = Object.entries(mounts).flatMap(([name, path]) => ['--volume', `${place(name)}:${path}`])
  const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1000:1000']
  // Podman has systemd run the health check, which need not be there; it is tried by hand below.
  const words = ['--detach', '--name', 'modosu', '--read-only', '--network', 'none', '--no-healthcheck']
  podman(['run', ...words, ...limits, '--tmpfs', '/tmp', ...volumes, 'localhost/modosu'])
}

/** The image's HEALTHCHECK, as the image says it. */
function healthCheck() {
  const [{ HealthCheck, Healthcheck }] = JSON.parse(podman(['image', 'inspect', 'localhost/modosu']).stdout)
  const [kind, ...command] = (HealthCheck ?? Healthcheck).Test
  assert.equal(kind, 'CMD')
  return inside(...command).status
}

async function main() {
  await check('is built from the Dockerfile', () => {
    makeBase()
    build()
  })
  await check('starts on a read-only root file system, as another than root, and is healthy', async () => {
    start()
    await until('the health check is content', () => healthCheck() === 0)
    assert.equal(inside('id', '-u').stdout.trim(), String(USER))
    assert.notEqual(inside('touch', '/usr/lib/modosu/x').status, 0)
    assert.match(inside('cat', '/proc/1/cmdline').stdout, /^tini\0/)
  })
  await check('restores a database from a request', () => {
    writeFileSync(join(folder, 'spool/inc-1.yaml'), request('inc-1'), { mode: 0o644 })
    const { status, stdout, stderr } = inside('modosu', 'wait', 'inc-1', '--timeout', '90s')
    assert.equal(status, 0, `${stdout}${stderr}${podman(['logs', 'modosu']).stdout}`)
  })
  await check('leaves no zombie of what a hook has left behind', async () => {
    const zombies = () =>
      inside('sh', '-c', 'cat /proc/[0-9]*/stat')
        .stdout.split('\n')
        .filter((line) => /\) Z /.test(line))
    await until('the orphan is buried', () => zombies().length === 0)
  })
  await check('says that it sees the processes of its own PID namespace only', () => {
    assert.match(podman(['logs', 'modosu']).stdout, /PID namespace/)
  })
  await check('ends with 0 on SIGTERM', () => {
    podman(['stop', '--time', '60', 'modosu'])
    const [{ State }] = JSON.parse(podman(['inspect', 'modosu']).stdout)
    assert.equal(State.ExitCode, 0)
  })
}

const started = Date.now()
try {
  await main()
  process.stdout.write(`test:image passed in ${Math.round((Date.now() - started) / 1000)} s\n`)
} finally {
  podman(['rm', '--force', '--time', '0', 'modosu'], { mayFail: true })
  remove()
}
