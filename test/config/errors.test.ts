import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { loadConfiguration, parseConfiguration } from '../../src/daemon/config.ts'
import { RestoreError } from '../../src/domain/errors.ts'
import { scratchDirectory } from './scratch.ts'

const scratch = scratchDirectory()

const GOOD = `apiVersion: modosu.dev/v1
kind: Configuration
stateDir: state
spool: { path: spool }
targets:
  - name: app
    database: app/app.db
    backups: { path: app/backups }
`

/** The problems of a configuration, a line for each, without the file's name. */
function problemsOf(text: string, folder = scratch): string[] {
  const path = join(folder, 'modosu.yaml')
  try {
    parseConfiguration(Buffer.from(text), path)
  } catch (error) {
    assert.ok(error instanceof RestoreError)
    assert.equal(error.reason, 'InvalidConfiguration')
    return error.message.split('\n').map((line) => {
      assert.ok(line.startsWith(`${path}:`), line)
      return line.slice(path.length + 1)
    })
  }
  return []
}

describe('a configuration', () => {
  it('may say no more than its targets; the rest is as documented', () => {
    const configuration = parseConfiguration(Buffer.from(GOOD), join(scratch, 'modosu.yaml'))
    assert.equal(configuration.stateDir, join(scratch, 'state'))
    assert.deepEqual(configuration.spool, {
      path: join(scratch, 'spool'),
      settleMs: 500,
      resyncMs: 60_000,
      deleteGraceMs: 10_000,
      onFirstStart: 'Hold',
    })
    assert.deepEqual(configuration.metrics, { listen: { host: '127.0.0.1', port: 9469 } })
    assert.deepEqual(configuration.api, {
      socket: join(scratch, 'state/api.sock'),
      listen: null,
      tls: null,
      trustProxy: [],
      confirmDefault: false,
      rateLimit: { requests: 600, windowMs: 60_000 },
    })
    assert.equal(configuration.concurrency, 4)
    const [target] = configuration.targets
    assert.equal(target?.database, join(scratch, 'app/app.db'))
    assert.equal(target.backups.stem, 'app')
    assert.deepEqual(target.rateLimit, { restores: 3, windowMs: 3_600_000 })
    assert.equal(target.rtoMs, 900_000)
    assert.equal(target.service, null)
  })

  it('with an unknown key says where it is and what was probably meant', () => {
    assert.deepEqual(problemsOf(GOOD.replace('stateDir', 'statDir')), [
      '3:1: statDir: unknown field "statDir" (did you mean "stateDir"?)',
    ])
    assert.deepEqual(problemsOf(GOOD.replace('path: app/backups', 'paths: app/backups')), [
      '8:5: targets[0].backups.path: the field "path" is missing (for example: /srv/app/backups)',
      '8:16: targets[0].backups.paths: unknown field "paths" (did you mean "path"?)',
    ])
  })

  it('tells all of its problems, in the order of its lines', () => {
    const text =
      GOOD.replace('path: spool', 'path: spool, settle: 5 seconds, onFirstStart: hold') + 'concurrency: "4"\n'
    assert.deepEqual(problemsOf(text), [
      '4:31: spool.settle: the text "5 seconds" is not valid here (for example: 500ms)',
      '4:56: spool.onFirstStart: must be Hold or Run, not the text "hold" (did you mean Hold?)',
      '9:14: concurrency: must be a whole number, not the text "4" (write the number without quotes)',
    ])
  })

  it('must be one document of YAML', () => {
    assert.match(problemsOf(GOOD + '---\n' + GOOD)[0] ?? '', /^10:1: the file holds more than one document/)
    assert.match(problemsOf('')[0] ?? '', /the file is empty/)
    assert.match(problemsOf('a: [')[0] ?? '', /^1:\d: not valid YAML: /)
    assert.match(problemsOf(GOOD.replace('  - name', '\t- name'))[0] ?? '', /^6:1: not valid YAML: a tab is used/)
    assert.match(problemsOf(GOOD + 'stateDir: other\n')[0] ?? '', /^9:1: stateDir: .*twice/)
  })

  it('that cannot be read says so as a configuration error', () => {
    for (const path of [join(scratch, 'nowhere.yaml'), scratch]) {
      assert.throws(() => loadConfiguration(path), { name: 'RestoreError', reason: 'InvalidConfiguration' })
    }
  })
})

/** One change of the good configuration each, and the beginning of what is said of it. */
const MEANINGS: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  [
    'two targets of one name',
    GOOD + '  - { name: app, database: b.db, backups: { path: b } }\n',
    /^9:13: targets\[1\]\.name: the name app is given twice/,
  ],
  [
    'one database in two targets',
    GOOD + '  - { name: b, database: ./app/../app/app.db, backups: { path: b } }\n',
    /^9:\d+: targets\[1\]\.database: the database belongs to the target app already/,
  ],
  [
    'one backup directory and one stem in two targets',
    GOOD + '  - { name: b, database: b/b.db, backups: { path: app/../app/backups, stem: app } }\n',
    /^9:\d+: targets\[1\]\.backups: the backups are in the directory of app, under the same stem "app"/,
  ],
  [
    'the state inside the backups',
    GOOD.replace('stateDir: state', 'stateDir: app/backups/state'),
    /^3:11: stateDir: the state directory lies in the backups of app/,
  ],
  [
    'the database inside the state',
    GOOD.replace('database: app/app.db', 'database: state/app.db'),
    /^7:15: targets\[0\]\.database: the database lies in the state directory/,
  ],
  [
    'the spool inside the state',
    GOOD.replace('path: spool', 'path: state/spool'),
    /^4:16: spool\.path: the spool and the state directory lie in one another/,
  ],
  [
    'the spool inside the backups',
    GOOD.replace('path: spool', 'path: app/backups'),
    /^4:16: spool\.path: the spool and the backups of app lie in one another/,
  ],
  [
    'the extracts among the backups',
    GOOD.replace('database: app/app.db', 'database: app/app.db\n    extracts: { path: app/backups/extracts }'),
    /: targets\[0\]\.extracts\.path: the extracts and the backups of app lie in one another/,
  ],
  [
    'the extracts beside the database',
    GOOD.replace('database: app/app.db', 'database: db/app.db\n    extracts: { path: db }'),
    /: targets\[0\]\.extracts\.path: the extracts lie beside the database of app/,
  ],
  [
    'a login probe that sends its password in the clear',
    GOOD + '    loginProbe: { url: "http://app.example.com/login", username: probe, passwordFile: p }\n',
    /: targets\[0\]\.loginProbe\.url: a password would go over the network in the clear/,
  ],
  [
    'a login probe that takes longer than anybody waits',
    GOOD + '    loginProbe: { url: "http://localhost/login", username: probe, passwordFile: p, timeout: 2m }\n',
    /: targets\[0\]\.loginProbe\.timeout: must be 60s at most/,
  ],
  [
    'a smoke query that writes',
    GOOD + '    smokeQueries: [{ name: x, sql: DELETE FROM incidents }]\n',
    /^9:\d+: targets\[0\]\.smokeQueries\[0\]\.sql: a smoke query only reads/,
  ],
  [
    'a service with a unit and commands',
    GOOD + '    service: { unit: a.service, command: { stop: [a], start: [b] } }\n',
    /^9:\d+: targets\[0\]\.service\.command: unit and command exclude each other/,
  ],
  [
    'a schedule that is none',
    GOOD + 'schedules: { prune: "61 3 * * *" }\n',
    /^9:\d+: schedules\.prune: "61 3 \* \* \*" is no cron schedule/,
  ],
  [
    'a time zone that is none',
    GOOD + 'schedules: { timezone: Asia/Tokio }\n',
    /^9:\d+: schedules\.timezone: "Asia\/Tokio" is no time zone/,
  ],
  [
    'a target name that is no DNS label',
    GOOD.replace('name: app', 'name: My_App'),
    /^6:11: targets\[0\]\.name: the text "My_App" is not valid here/,
  ],
  [
    'a port that there is not',
    GOOD + 'metrics: { listen: "127.0.0.1:70000" }\n',
    /^9:20: metrics\.listen: there is no port 70000/,
  ],
  [
    'a password in an address',
    GOOD + '    healthCheck: { url: "http://me:secret@localhost/" }\n',
    /^9:\d+: targets\[0\]\.healthCheck\.url: must not contain a user or a password/,
  ],
  [
    'a grace shorter than the settling',
    GOOD.replace('path: spool', 'path: spool, deleteGrace: 1ms'),
    /^4:\d+: spool\.deleteGrace: deleteGrace is shorter than settle/,
  ],
  [
    'a home directory by its sign',
    GOOD.replace('stateDir: state', 'stateDir: ~/state'),
    /^3:11: stateDir: ~ is not expanded/,
  ],
]

describe('a configuration that the schema allows is refused with', () => {
  for (const [what, text, said] of MEANINGS) {
    it(what, () => {
      const problems = problemsOf(text)
      assert.ok(
        problems.some((problem) => said.test(problem)),
        problems.join('\n'),
      )
    })
  }

  it('a state directory that lies in the backups by a link', () => {
    mkdirSync(join(scratch, 'linked/backups'), { recursive: true })
    symlinkSync('backups', join(scratch, 'linked/elsewhere'))
    const text = GOOD.replace('app/backups', 'linked/backups').replace(
      'stateDir: state',
      'stateDir: linked/elsewhere/s',
    )
    assert.match(problemsOf(text).join('\n'), /the state directory lies in the backups of app/)
  })
})
