import assert from 'node:assert/strict'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stringify } from 'yaml'

import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Machine, missingForMachine } from './machine.ts'

/** Keeps the database open, as an application does, and answers its health check. */
const APPLICATION = `
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
const Database = createRequire('/usr/lib/modosu/app/build/src/main.js')('better-sqlite3')
const db = new Database('/srv/app/app.db')
createServer((_, answer) => answer.end(String(db.prepare('SELECT COUNT(*) FROM incidents').pluck().get()))).listen(5000, '127.0.0.1')
`

/** Whatever asks for the application gets it: a connection, a timer, a file, and a restart when it dies. */
const UNITS: Readonly<Record<string, string>> = {
  'app.service': '[Service]\nUser=app\nExecStart=/usr/lib/modosu/node /srv/app.mjs\nRestart=always\nRestartSec=100ms\n',
  'app.socket': '[Socket]\nListenStream=/run/app.sock\n',
  'app.timer': '[Timer]\nOnActiveSec=1s\nOnUnitInactiveSec=1s\nAccuracySec=100ms\n',
  'app.path': '[Path]\nPathExists=/etc/hostname-wanted\n',
}

const TRIGGERS = ['app.socket', 'app.timer']
const SKIP = missingForMachine()

describe('Modosu as a service of systemd', { timeout: 900_000, skip: SKIP }, () => {
  if (SKIP !== false) return
  const machine = new Machine()
  const database = join(machine.root, 'srv/app/app.db')
  const backups = join(machine.root, 'srv/app/backups')
  const gate = '/run/systemd/system/app.service.d/50-modosu-gate.conf'

  before(async () => {
    machine.write('/srv/app.mjs', APPLICATION)
    for (const [name, text] of Object.entries(UNITS)) machine.write(`/etc/systemd/system/${name}`, text)
    machine.write('/srv/app/README', '')
    makeBackup(backups, 'daily', '20260215_020015', { rows: 40 })
    machine.write('/etc/sysusers.d/app.conf', 'u app - "The application"\n')
    configure({})
    machine.write('/etc/systemd/system/modosu.service.d/app.conf', '[Service]\nReadWritePaths=/srv/app\n')
    await machine.boot()
    newDatabase()
    machine.must('systemctl start app.socket app.timer app.service')
    machine.must('systemctl start modosu')
  })
  after(() => machine.remove())

  function configure(changes: Readonly<Record<string, unknown>>): void {
    const target = {
      name: 'app',
      database: '/srv/app/app.db',
      backups: { path: '/srv/app/backups' },
      service: { unit: 'app.service' },
      healthCheck: { url: 'http://127.0.0.1:5000/', timeout: '60s' },
      rateLimit: { restores: 1000, window: '1h' },
    }
    const configuration = {
      apiVersion: 'modosu.dev/v1',
      kind: 'Configuration',
      api: { socket: '/run/modosu/api.sock' },
    }
    machine.write('/etc/modosu/modosu.yaml', stringify({ ...configuration, targets: [target], ...changes }))
  }

  /** 90 rows, the application's own and nobody else's. */
  function newDatabase(): void {
    machine.must('systemctl stop app.socket app.timer app.service 2>&1')
    makeDatabase(database, { rows: 90 })
    machine.must(
      'chown -R app:app /srv/app; chmod 750 /srv/app; chmod 600 /srv/app/app.db; systemctl start app.socket app.timer app.service',
    )
  }

  function drop(name: string): void {
    const request = {
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name },
      spec: { target: 'app', confirm: true, source: { latest: {} } },
    }
    machine.write(`/var/spool/modosu/${name}.yaml`, stringify(request))
    chownSync(join(machine.root, `/var/spool/modosu/${name}.yaml`), 0, 0)
  }

  function phaseOf(name: string): string {
    return machine.sh(`modosu get requests ${name} -o json 2>/dev/null`).stdout.match(/"phase": "(\w+)"/)?.[1] ?? ''
  }

  /** With a failpoint in the environment of the next daemon; without one from then on. */
  function restartWith(failpoint: string | null, more = ''): void {
    const environment = failpoint === null ? '' : `Environment=MODOSU_FAILPOINT=${failpoint}\n`
    machine.write('/etc/systemd/system/modosu.service.d/test.conf', `[Service]\n${environment}${more}`)
    machine.must('systemctl daemon-reload; systemctl reset-failed; systemctl restart modosu')
  }

  function requireWell(): void {
    assert.equal(countRows(database), 40)
    assert.equal(machine.must('stat -c "%U:%G %a" /srv/app/app.db'), 'app:app 600')
    for (const unit of ['app.service', ...TRIGGERS]) assert.ok(machine.isActive(unit), `${unit} runs again`)
    assert.equal(machine.sh(`test -e ${gate}`).status, 1, 'the gate is open')
    assert.deepEqual(
      machine
        .must('ls /srv/app')
        .split('\n')
        .filter((name) => name.includes('modosu')),
      [],
    )
  }

  it('passes systemd-analyze verify, and its exposure is at most 2.0', () => {
    const units = '/etc/systemd/system/modosu.service /etc/systemd/system/modosu-gate@.service'
    const { status, stdout, stderr } = machine.sh(`systemd-analyze verify --man=no ${units}`)
    assert.deepEqual([status, stdout, stderr], [0, '', ''])
    assert.match(
      machine.must('systemd-analyze security --threshold=20 modosu.service | tail -1'),
      /exposure level for modosu.service: (1\.\d|2\.0) OK/,
    )
  })

  it('is ready when it says so, with a status, as a user of its own with four capabilities', () => {
    assert.ok(machine.isActive('modosu'))
    assert.equal(machine.show('modosu', 'StatusText'), 'watching /var/spool/modosu')
    const status = machine.must('cat /proc/$(systemctl show --value -p MainPID modosu)/status')
    assert.match(status, /CapEff:\s+000000000008000b\n/)
    assert.doesNotMatch(status, /^Uid:\s+0/m)
    assert.match(machine.must('modosu get targets'), /app/)
  })

  it('restores a database of another user and stops and starts its unit, telling each phase', async () => {
    newDatabase()
    drop('first')
    const seen = new Set<string>()
    await machine.until('the end of the restore', () => {
      seen.add(machine.show('modosu', 'StatusText'))
      return ['Succeeded', 'Failed', 'RolledBack'].includes(phaseOf('first'))
    })
    assert.equal(phaseOf('first'), 'Succeeded', machine.sh('modosu describe request first').stdout)
    assert.ok(
      [...seen].some((text) => /^restoring app: \w+ \(first\)$/.test(text)),
      [...seen].join('\n'),
    )
    requireWell()
  })

  it('keeps the unit from starting, whoever asks, also when it has been killed between the stop and the start', async () => {
    newDatabase()
    restartWith('Quiescing.stopped=SIGKILL', 'Restart=no\n')
    drop('killed')
    await machine.until('the death of the daemon', () => machine.show('modosu', 'ActiveState') === 'failed')
    assert.ok(!machine.isActive('app.service'))
    const asked = machine.sh('systemctl start app.service')
    assert.equal(asked.status, 1)
    assert.match(asked.stderr, /Assertion failed/)
    machine.sh('systemctl start app.socket app.timer; echo > /etc/hostname-wanted; systemctl start app.path')
    machine.sh('timeout 2 sh -c "perl -MIO::Socket::UNIX -e \'IO::Socket::UNIX->new(q(/run/app.sock))\'"; sleep 2')
    assert.ok(!machine.isActive('app.service'), 'neither a socket nor a timer nor a path starts it')
    machine.sh('systemctl stop app.socket app.timer app.path; systemctl reset-failed')
    assert.equal(countRows(database), 90)
    restartWith(null)
    await machine.until('the end of the restore', () => phaseOf('killed') === 'Succeeded')
    requireWell()
  })

  it('leaves nothing of the gate when the machine goes down, and finishes the restore at the next boot', async () => {
    newDatabase()
    restartWith('Quiescing.stopped=SIGKILL', 'Restart=no\n')
    drop('rebooted')
    await machine.until('the death of the daemon', () => machine.show('modosu', 'ActiveState') === 'failed')
    assert.equal(machine.sh(`test -e ${gate}`).status, 0)
    await machine.powerOff()
    await machine.boot()
    assert.equal(machine.sh(`test -e ${gate}`).status, 1)
    machine.must('systemctl start app.socket app.timer app.service')
    assert.ok(machine.isActive('app.service'), 'the application may start: its database is the old one')
    restartWith(null)
    await machine.until('the end of the restore', () => phaseOf('rebooted') === 'Succeeded')
    requireWell()
  })

  it('carries a swap to its end on SIGTERM', async () => {
    newDatabase()
    restartWith('Swapping.noted=SIGTERM')
    drop('terminated')
    await machine.until('the end of the daemon', () => machine.show('modosu', 'ActiveState') === 'inactive')
    assert.equal(machine.show('modosu', 'Result'), 'success')
    assert.equal(phaseOf('terminated'), 'Succeeded')
    requireWell()
    restartWith(null)
  })

  it('takes a good configuration at systemctl reload, and keeps a bad one out', () => {
    const pid = machine.show('modosu', 'MainPID')
    configure({ concurrency: 2 })
    machine.must('systemctl reload modosu')
    configure({ conccurency: 2 })
    assert.equal(machine.sh('systemctl reload modosu').status, 1)
    assert.match(
      machine.must('journalctl --no-pager -u modosu -n 20'),
      /modosu\.yaml:\d+:1: conccurency: unknown field/,
    )
    assert.match(metric('modosu_config_last_reload_successful'), / 0$/)
    configure({})
    machine.must('systemctl reload modosu')
    assert.match(metric('modosu_config_last_reload_successful'), / 1$/)
    assert.equal(machine.show('modosu', 'MainPID'), pid)
    assert.ok(machine.isActive('modosu'))
  })

  it('is restarted by the watchdog when it hangs, and not while it is idle', async () => {
    restartWith(null, 'WatchdogSec=8s\n')
    const pid = machine.show('modosu', 'MainPID')
    machine.must('sleep 10')
    assert.equal(machine.show('modosu', 'MainPID'), pid)
    machine.must(`kill -STOP ${pid}`)
    await machine.until('another daemon', () => machine.isActive('modosu') && machine.show('modosu', 'MainPID') !== pid)
    assert.match(machine.must('journalctl --no-pager -u modosu'), /Watchdog timeout/)
  })

  function metric(name: string): string {
    const script = `fetch('http://127.0.0.1:9469/metrics').then((a) => a.text()).then((t) => console.log(t.match(/^${name} .*$/m)[0]))`
    return machine.must(`/usr/lib/modosu/node -e "${script}"`)
  }
})
