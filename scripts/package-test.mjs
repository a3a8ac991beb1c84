/**
 * The Debian package on a clean Debian 12 with its own systemd: built, installed, configured, used, upgraded in the middle of a
 * restore, removed, purged. `npm run test:package`; it skips itself where a part is missing.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Container, until } from './container.mjs'
import { debianArchive, hindrance, run, scratchMount } from './debian-root.mjs'
import {
  APPLICATION_UNIT,
  CONFIGURATION,
  DROP_IN,
  layApplication,
  OWNER,
  request,
} from './package-test-application.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const { version: NEW } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const OLD = '0.0.1'

const reason = hindrance(['systemd-nspawn', 'nsenter', 'dpkg-deb', 'dpkg-shlibdeps', 'strip'])
if (reason !== null) {
  process.stdout.write(`test:package skipped: ${reason}\n`)
  process.exit(0)
}

const started = Date.now()
const { folder, remove } = scratchMount()
const root = join(folder, 'root')
const guest = new Container()

/** One thing that must be so; the name is what a person reads. */
async function check(name, body) {
  const began = Date.now()
  await body()
  process.stdout.write(`ok   ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`)
}

function build(version, output) {
  const words = ['scripts/package-deb.mjs', '--version', version, '--compression', 'gzip', '--output', output]
  const [line] = execFileSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' }).split(' (')
  return line
}

function digestOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** Every file of the application, with what is in it. */
function applicationFiles() {
  const base = join(root, 'srv/app')
  const files = readdirSync(base, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name).slice(base.length), digestOf(join(parentPath, name))]),
  )
}

function rows() {
  const code = `const D=require("/usr/lib/modosu/node_modules/better-sqlite3");console.log(new D("/srv/app/app.db",{readonly:true}).prepare("SELECT COUNT(*) FROM orders").pluck().get())`
  return Number(guest.must(`/usr/lib/modosu/bin/node -e '${code}'`))
}

const phaseOf = (name) => /"phase": "(\w+)"/.exec(guest.run(`modosu get request ${name} -o json`).stdout)?.[1]
const isActive = (unit) => guest.run(`systemctl is-active ${unit}`).stdout.trim() === 'active'

async function main() {
  const packages = {}
  await check('is built twice with the same bytes, and as an older version', () => {
    packages.new = build(NEW, join(folder, 'one'))
    assert.equal(digestOf(packages.new), digestOf(build(NEW, join(folder, 'two'))))
    rmSync(join(folder, 'two'), { recursive: true })
    packages.old = build(OLD, join(folder, 'one'))
  })
  await check('a clean Debian 12 boots', async () => {
    mkdirSync(root)
    run('tar', ['-C', root, '-xf', debianArchive()])
    for (const [key, path] of Object.entries(packages)) copyFileSync(path, join(root, 'srv', `${key}.deb`))
    layApplication(join(root, 'srv/app'))
    await guest.boot(root)
  })
  await installed()
  await configured()
  await restored()
  await used()
  await upgraded()
  await removed()
}

async function installed() {
  await check('installs, does not start without a configuration, and names the next three commands', () => {
    const said = guest.must('dpkg -i /srv/old.deb')
    for (const next of ['editor /etc/modosu/modosu.yaml', 'modosu validate', 'systemctl enable --now modosu'])
      assert.ok(said.includes(next), said)
    assert.match(guest.run('systemctl is-enabled modosu').stdout, /disabled/)
    assert.ok(!isActive('modosu'))
    assert.match(guest.must('getent passwd modosu'), /nologin/)
  })
  await check('shows its version, its pages and its completions', () => {
    assert.equal(JSON.parse(guest.must('modosu version -o json')).modosu, OLD)
    assert.match(guest.must('man modosu-restore | col -b'), /^SYNOPSIS\n +modosu restore/m)
    assert.match(guest.must('man -w modosu.yaml'), /man5/)
    const words = 'COMP_WORDS=(modosu res); COMP_CWORD=1; _modosu; echo ${COMPREPLY[*]}'
    const line = `bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader modosu; ${words}'`
    assert.equal(guest.must(line).trim(), 'restore resume')
  })
  await check('comes with an example that is valid when the comment marks are taken away', () => {
    guest.must("sed 's/^#//' /etc/modosu/modosu.yaml > /tmp/example.yaml")
    assert.match(guest.must('modosu validate --config /tmp/example.yaml'), /ok: itsm-nexus/)
    assert.equal(guest.run('modosu validate').status, 2)
  })
}

async function configured() {
  await check('starts under systemd once it is configured', () => {
    writeFileSync(join(root, 'etc/systemd/system/app.service'), APPLICATION_UNIT)
    writeFileSync(join(root, 'etc/modosu/modosu.yaml'), CONFIGURATION)
    mkdirSync(join(root, 'etc/systemd/system/modosu.service.d'))
    writeFileSync(join(root, 'etc/systemd/system/modosu.service.d/app.conf'), DROP_IN)
    guest.must('sed -i \'s|// .itsm-nexus-prod.service.,|"app.service",|\' /etc/polkit-1/rules.d/50-modosu.rules')
    guest.must(`useradd --uid ${OWNER} app && systemctl daemon-reload && systemctl start app`)
    guest.must('modosu validate && systemctl enable --now modosu || { journalctl -u modosu --no-pager -n 40; false; }')
    assert.ok(isActive('modosu'))
  })
}

async function restored() {
  await check('restores a database from a request, its unit stopped and started', () => {
    assert.ok(isActive('app') && rows() < 500)
    const before = guest.must('systemctl show -P MainPID app')
    guest.must(
      'cat > /var/spool/modosu/.inc-1.tmp && mv /var/spool/modosu/.inc-1.tmp /var/spool/modosu/inc-1.yaml',
      request('inc-1'),
    )
    guest.must(
      'modosu wait inc-1 --timeout 90s || { modosu describe request inc-1; journalctl -u modosu --no-pager -n 30; false; }',
    )
    assert.ok(rows() >= 1000)
    assert.notEqual(guest.must('systemctl show -P MainPID app'), before)
    assert.equal(
      readdirSync(join(root, 'srv/app/backups')).filter((name) => name.startsWith('restore_safety_')).length,
      1,
    )
  })
}

async function used() {
  await check('lets the members of its group use it, and nobody else', () => {
    guest.must('useradd --groups modosu oncall && useradd stranger')
    const as = (user, line) => guest.run(`runuser -u ${user} -- ${line}`)
    assert.match(as('oncall', 'modosu get requests -o name').stdout, /inc-1/)
    assert.equal(as('oncall', 'modosu ack inc-1').status, 0)
    assert.equal(as('stranger', 'modosu ack inc-1').status, 4)
    assert.notEqual(as('stranger', 'modosu get requests').status, 0)
  })
}

/** Until the request has come to the hook that sleeps: from there on it must run to its end. */
async function halfWay(name) {
  guest.must(`modosu restore --latest --yes --no-wait --name ${name}`)
  await until(`${name} is half way`, () => phaseOf(name) === 'Quiescing')
}

async function upgraded() {
  await check('is upgraded in the middle of a restore, which is carried to its end first', async () => {
    const daemon = guest.must('systemctl show -P MainPID modosu')
    await halfWay('inc-2')
    guest.must('dpkg -i /srv/new.deb')
    assert.equal(phaseOf('inc-2'), 'Succeeded')
    assert.ok(isActive('modosu'))
    assert.notEqual(guest.must('systemctl show -P MainPID modosu'), daemon)
    assert.equal(JSON.parse(guest.must('modosu version -o json')).modosu, NEW)
    assert.equal(readFileSync(join(root, 'etc/modosu/modosu.yaml'), 'utf8'), CONFIGURATION)
    assert.equal(phaseOf('inc-1'), 'Succeeded')
  })
  await check('stays stopped through an upgrade when it was stopped', () => {
    guest.must('systemctl stop modosu && dpkg -i /srv/new.deb')
    assert.ok(!isActive('modosu'))
    // Reading works with the daemon down, and what root reads the daemon can still write.
    assert.equal(phaseOf('inc-2'), 'Succeeded')
    guest.must('systemctl start modosu')
  })
}

async function removed() {
  await check('refuses to go while a killed daemon has left a restore half way', async () => {
    await halfWay('inc-3')
    guest.must('systemctl kill --signal=KILL modosu; systemctl stop modosu')
    const { status, stderr } = guest.run('dpkg --remove modosu')
    assert.notEqual(status, 0)
    assert.match(stderr, /inc-3[\s\S]*systemctl start modosu/)
    guest.must(
      'systemctl start modosu && modosu wait inc-3 --timeout 90s || { journalctl -u modosu --no-pager -n 40; false; }',
    )
  })
  await check('is purged, and every backup, safety backup and database is there, byte for byte', () => {
    guest.must('systemctl stop app')
    const files = applicationFiles()
    assert.ok(
      Object.keys(files).some((name) => name.includes('restore_safety_')),
      Object.keys(files).join(),
    )
    const own = guest.must('dpkg -L modosu').split('\n')
    guest.must('dpkg --purge modosu')
    assert.deepEqual(applicationFiles(), files)
    assert.deepEqual(
      own.filter((path) => path.includes('modosu') && existsSync(join(root, path))),
      [],
    )
    const left = guest
      .must("find / -xdev '(' -path /proc -o -path /var/cache/man ')' -prune -o -iname '*modosu*' -print | sort")
      .trim()
      .split('\n')
    // What a person put there, the record of who restored what, and the mark beside the backups by which that record would be known
    // for the newest one if it were put back.
    const records = [
      /^\/var\/backups\/modosu-state-\d{14}\.tar\.gz$/,
      /^\/srv\/app\/backups\/\.modosu-state-[0-9a-f-]+$/,
    ]
    const kept = left.filter((path) => !records.some((record) => record.test(path)))
    assert.deepEqual(kept, ['/etc/systemd/system/modosu.service.d', '/var/spool/modosu'])
    assert.equal(left.length, kept.length + records.length)
    const record = guest.must('tar -tzf /var/backups/modosu-state-*.tar.gz')
    assert.match(record, /^modosu\.db$/m)
    assert.match(record, /^audit\.heads$/m)
  })
}

try {
  await main()
  process.stdout.write(`test:package passed in ${Math.round((Date.now() - started) / 1000)} s\n`)
} finally {
  await guest.stop()
  remove()
}
