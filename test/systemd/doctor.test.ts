import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stringify } from 'yaml'

import { makeBackup, makeDatabase } from '../support/files.ts'
import { Machine, missingForMachine } from './machine.ts'

/** As an application does: its migration first, which needs a table; then the database is kept open, and its port answers. */
const APPLICATION = `
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
const Database = createRequire('/usr/lib/modosu/app/build/src/main.js')('better-sqlite3')
const db = new Database('/srv/app/app.db', { fileMustExist: true })
db.exec('UPDATE incidents SET title = title WHERE id = 1')
createServer((_, answer) => answer.end('well')).listen(5000, '127.0.0.1')
`
const SKIP = missingForMachine()

interface Diagnosis {
  readonly status: number | null
  readonly likelyCause: {
    readonly severity: string
    readonly cause: string
    readonly message: string
    readonly command: string
  } | null
}

describe('modosu doctor on a machine with systemd', { timeout: 900_000, skip: SKIP }, () => {
  if (SKIP !== false) return
  const machine = new Machine()
  const database = join(machine.root, 'srv/app/app.db')

  before(async () => {
    machine.write('/srv/app.mjs', APPLICATION)
    // Where packages put units: one in /etc cannot be masked.
    machine.write(
      '/usr/lib/systemd/system/app.service',
      '[Service]\nUser=app\nExecStart=/usr/lib/modosu/node /srv/app.mjs\n',
    )
    machine.write('/srv/app/README', '')
    makeBackup(join(machine.root, 'srv/app/backups'), 'daily', '20260215_020015', { rows: 40 })
    makeDatabase(database, { rows: 90 })
    machine.write('/etc/sysusers.d/app.conf', 'u app - "The application"\n')
    const target = {
      name: 'app',
      database: '/srv/app/app.db',
      backups: { path: '/srv/app/backups' },
      service: { unit: 'app.service' },
      healthCheck: { url: 'http://127.0.0.1:5000/', timeout: '60s' },
    }
    const configuration = {
      apiVersion: 'modosu.dev/v1',
      kind: 'Configuration',
      api: { socket: '/run/modosu/api.sock' },
    }
    machine.write('/etc/modosu/modosu.yaml', stringify({ ...configuration, targets: [target] }))
    machine.write('/etc/systemd/system/modosu.service.d/app.conf', '[Service]\nReadWritePaths=/srv/app\n')
    await machine.boot()
    machine.must('chown -R app:app /srv/app; chmod 750 /srv/app; systemctl start app modosu')
    await machine.until('the application', () => machine.sh('curl -sf http://127.0.0.1:5000/').status === 0)
  })
  after(() => machine.remove())

  function diagnose(): Diagnosis {
    const { status, stdout, stderr } = machine.sh('modosu doctor -o json')
    assert.ok(stdout.startsWith('{'), `${stdout}${stderr}`)
    return { ...(JSON.parse(stdout) as Diagnosis), status }
  }

  function cause({ likelyCause }: Diagnosis): string {
    return likelyCause === null ? 'none' : `${likelyCause.severity} ${likelyCause.cause}: ${likelyCause.message}`
  }

  /** Types what the doctor says; then it finds nothing any more. */
  async function mend({ likelyCause }: Diagnosis, more = ''): Promise<void> {
    machine.must(`${likelyCause?.command ?? 'false'} 2>&1${more}`)
    await machine.until('all to be well', () => diagnose().status === 0)
  }

  it('finds nothing, as root', () => {
    const { stdout, status } = machine.sh('modosu doctor')
    assert.match(stdout, /^all is well: /, `${stdout}${machine.journal()}`)
    assert.match(stdout, /^app +unit +ok +app\.service: LoadState=loaded ActiveState=active/m)
    assert.equal(status, 0)
  })

  it('names a masked unit', async () => {
    machine.must('systemctl stop app; systemctl mask app 2>&1')
    const diagnosis = diagnose()
    assert.equal(cause(diagnosis), 'broken unit: the unit app.service is masked: nothing can start it')
    await mend(diagnosis)
  })

  it('names a database that was put back as root', async () => {
    machine.must(
      'systemctl stop app; chown root:root /srv/app/app.db; chmod 600 /srv/app/app.db; systemctl start app; sleep 1',
    )
    const diagnosis = diagnose()
    assert.match(cause(diagnosis), /^broken access: the application's user app may not write to \/srv\/app\/app\.db$/)
    await mend(diagnosis, '; systemctl reset-failed app; systemctl start app')
  })

  it('names what has the port, and the log of the application as its evidence', async () => {
    machine.must('systemctl stop app')
    machine.must(
      `systemd-run --unit=thief /usr/lib/modosu/node -e "require('net').createServer().listen(5000, '127.0.0.1')" 2>&1`,
    )
    await machine.until('the thief', () => machine.sh('ss -ltn | grep :5000').status === 0)
    machine.sh('systemctl start app; sleep 1')
    const diagnosis = diagnose()
    assert.match(cause(diagnosis), /^broken port: port 5000 is taken by pid \d+, which is no process of app\.service$/)
    assert.match(diagnosis.likelyCause?.command ?? '', /systemctl stop thief\.service/)
    await mend(diagnosis)
  })

  it('names the daemon’s own unit where that is masked', async () => {
    machine.must('mv /etc/systemd/system/modosu.service /usr/lib/systemd/system/; systemctl daemon-reload')
    machine.must('systemctl stop modosu; systemctl mask modosu 2>&1')
    const diagnosis = diagnose()
    assert.equal(cause(diagnosis), 'broken unit: the unit modosu.service is masked: nothing can start it')
    await mend(diagnosis)
  })

  it('names a directory that the daemon’s unit keeps it from', async () => {
    machine.must('rm /etc/systemd/system/modosu.service.d/app.conf; systemctl daemon-reload; systemctl restart modosu')
    const diagnosis = diagnose()
    assert.equal(
      cause(diagnosis),
      'broken disk: the unit of the daemon does not let it write to the database of app: /srv/app',
    )
    await mend(diagnosis)
  })

  it('tells why a unit has failed where the reason stands in the log alone', async () => {
    machine.must(
      `systemctl stop app; mv /srv/app.mjs /srv/app.good; echo 'throw new Error("no such table: tickets")' > /srv/app.mjs`,
    )
    machine.sh('systemctl start app')
    await machine.until(
      'the log',
      () =>
        machine.sh('journalctl -u app -n 20 | grep "no such table" && journalctl -u app -n 1 | grep "Failed with"')
          .status === 0,
    )
    const { stdout } = machine.sh('modosu doctor')
    assert.match(stdout, /^likely cause: app: the unit app\.service has failed → /)
    assert.match(
      stdout,
      /^warning app\/schema: the log of the application of app names a cause \(schema\)\n.*no such table: tickets/m,
    )
    machine.must('mv /srv/app.good /srv/app.mjs')
    await mend(diagnose())
  })
})
