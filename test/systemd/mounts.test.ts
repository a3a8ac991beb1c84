import assert from 'node:assert/strict'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stringify } from 'yaml'

import { countRows, makeBackup, makeDatabase } from '../support/files.ts'
import { Machine, missingForMachine } from './machine.ts'

/** Answers no health check and leaves a process behind that has the database open, once it is told to. */
const APPLICATION = `
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
const holds = "const d = new (require(process.argv[1]))(process.argv[2]); d.prepare('SELECT COUNT(*) FROM incidents').get(); setInterval(() => {}, 1e6)"
const module = createRequire('/usr/lib/modosu/app/build/src/main.js').resolve('better-sqlite3')
const bad = existsSync('/srv/app/bad')
if (bad) spawn(process.execPath, ['-e', holds, module, '/srv/app/app.db'], { stdio: 'ignore' })
createServer((_, answer) => answer.writeHead(bad ? 500 : 200).end()).listen(5000, '127.0.0.1')
`

const UNITS: Readonly<Record<string, string>> = {
  'app.service': '[Service]\nUser=app\nExecStart=/usr/lib/modosu/node /srv/app.mjs\nKillMode=process\n',
  'slow.service':
    '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 3\n',
  // A file system that is there only a while after the boot has begun.
  'srv-late.mount':
    '[Unit]\nDefaultDependencies=no\nRequires=slow.service\nAfter=slow.service\n[Mount]\nWhat=tmpfs\nWhere=/srv/late\nType=tmpfs\n',
}

const SKIP = missingForMachine()

describe('the unit and the file systems of its configuration', { timeout: 600_000, skip: SKIP }, () => {
  if (SKIP !== false) return
  const machine = new Machine()
  const database = join(machine.root, 'srv/app/app.db')

  before(async () => {
    machine.write('/srv/app.mjs', APPLICATION)
    for (const [name, text] of Object.entries(UNITS)) machine.write(`/etc/systemd/system/${name}`, text)
    machine.write('/etc/sysusers.d/app.conf', 'u app - "The application"\n')
    machine.write('/etc/systemd/system/modosu.service.d/app.conf', '[Service]\nReadWritePaths=/srv/app -/srv/late\n')
    machine.write('/srv/app/README', '')
    makeBackup(join(machine.root, 'srv/app/backups'), 'daily', '20260215_020015', { rows: 40 })
    configure()
    await machine.boot()
    makeDatabase(database, { rows: 90 })
    machine.must('chown -R app:app /srv/app; systemctl start app.service')
  })
  after(() => machine.remove())

  function configure(): void {
    const app = {
      name: 'app',
      database: '/srv/app/app.db',
      backups: { path: '/srv/app/backups' },
      service: { unit: 'app.service' },
      healthCheck: { url: 'http://127.0.0.1:5000/', timeout: '4s' },
    }
    const late = { name: 'late', database: '/srv/late/data/late.db', backups: { path: '/srv/late/backups' } }
    const head = { apiVersion: 'modosu.dev/v1', kind: 'Configuration', api: { socket: '/run/modosu/api.sock' } }
    machine.write('/etc/modosu/modosu.yaml', stringify({ ...head, targets: [app, late] }))
  }

  it('waits for them at its start, and mounts them', () => {
    assert.match(machine.show('modosu', 'RequiresMountsFor'), /\/srv\/late\/data/)
    assert.match(machine.show('modosu', 'After'), /srv-late\.mount/)
    assert.ok(!machine.isActive('srv-late.mount'))
    machine.must('systemctl start modosu')
    assert.ok(machine.isActive('srv-late.mount'))
    const at = (unit: string): number => Number(machine.show(unit, 'ActiveEnterTimestampMonotonic'))
    assert.ok(at('srv-late.mount') <= Number(machine.show('modosu', 'InactiveExitTimestampMonotonic')))
    assert.ok(at('modosu') > 0)
  })

  it('passes systemd-analyze verify with its drop-in', () => {
    const { status, stderr } = machine.sh('systemd-analyze verify --man=no /etc/systemd/system/modosu.service')
    assert.deepEqual([status, stderr], [0, ''])
  })

  it('is as it was where the configuration is broken or missing, and nothing fails for it', () => {
    for (const spoil of ['echo "targets: [" > /etc/modosu/modosu.yaml', 'rm /etc/modosu/modosu.yaml']) {
      machine.must(spoil)
      machine.must('systemctl daemon-reload')
      assert.doesNotMatch(machine.show('modosu', 'RequiresMountsFor'), /\/srv\/late/)
      assert.ok(machine.isActive('modosu'))
    }
    configure()
    machine.must('systemctl daemon-reload')
    assert.match(machine.show('modosu', 'RequiresMountsFor'), /\/srv\/late\/data/)
  })

  it('rolls back although a process of the application outlives its stop', async () => {
    machine.write('/srv/app/bad', '')
    const metadata = { name: 'survivor' }
    const spec = { target: 'app', confirm: true, source: { latest: {} } }
    const request = { apiVersion: 'modosu.dev/v1', kind: 'RestoreRequest', metadata, spec }
    machine.write('/var/spool/modosu/survivor.yaml', stringify(request))
    chownSync(join(machine.root, '/var/spool/modosu/survivor.yaml'), 0, 0)
    const phase = (): string =>
      machine.sh('modosu get requests survivor -o json 2>/dev/null').stdout.match(/"phase": "(\w+)"/)?.[1] ?? ''
    const ends = ['Succeeded', 'Failed', 'RolledBack', 'RollbackFailed', 'Rejected']
    await machine.until('the end of the restore', () => ends.includes(phase()))
    const told = machine.sh('modosu describe request survivor').stdout
    assert.equal(phase(), 'RolledBack', told)
    assert.match(told, /left processes that had the database open; they were ended: pid \d+/)
    assert.equal(countRows(database), 90)
  })
})
