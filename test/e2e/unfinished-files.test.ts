import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import { lookForWriters } from '../../src/spool/writers.ts'
import { makeBackup, sha256 } from '../support/files.ts'
import { Installation } from '../support/installation.ts'
import { FileWriter, HAS_PYTHON } from '../support/writer.ts'

const BACKUP = 'BKP-20260102-000002-daily'
const OTHER = 'BKP-20260102-000001-daily'

function text(name: string, backupId = BACKUP): string {
  return [
    'apiVersion: modosu.dev/v1',
    'kind: RestoreRequest',
    `metadata: {name: ${name}}`,
    'spec:',
    '  target: app',
    `  source: {backupId: ${backupId}}`,
    '  confirm: true',
    '',
  ].join('\n')
}

let installation: Installation
let untouched: string

before(async () => {
  installation = new Installation()
  for (const digits of ['20260102_000001', '20260102_000002'])
    makeBackup(installation.backups, 'daily', digits, { rows: 50 })
  untouched = sha256(installation.database)
  await installation.start()
})
after(() => installation.remove())

function assertNothingRan(): void {
  assert.equal(sha256(installation.database), untouched)
}

/** What was dropped after it has been read and has ended: everything that lay there before was looked at since. */
async function spoolWasRead(name: string): Promise<void> {
  installation.drop(name, { source: { backupId: 'BKP-20200101-000000-daily' } })
  await installation.ended(name)
}

const seesAll = (await lookForWriters('/tmp', [])).complete
const needs = !HAS_PYTHON || !seesAll ? { skip: 'needs python3, and to see every process' } : {}

describe('a request whose writer has not finished', needs, () => {
  let writer: FileWriter
  beforeEach(() => {
    writer = new FileWriter()
  })
  afterEach(() => writer.end())

  it('runs as the file that was closed', async () => {
    await writer.open(join(installation.spool, 'slow.yaml'), 'w')
    await writer.write(text('slow'))
    await delay(200)
    await spoolWasRead('after-slow')
    assert.equal(installation.request('slow'), undefined)
    await writer.write('  reason: a slow writer\n  mode: Drill\n')
    await spoolWasRead('after-slow-too')
    assert.equal(installation.request('slow'), undefined)
    await writer.close()
    const { phase, spec } = await installation.ended('slow')
    assert.deepEqual([phase, spec.mode], ['Succeeded', 'Drill'])
    assertNothingRan()
  })

  it('does not start while its file is open again, and starts as what it is then', async () => {
    const waiting = text('waits').replace('spec:', 'spec:\n  suspend: true')
    installation.dropText('waits.yaml', waiting)
    await installation.when('waits', ({ status }) => status.reason === 'Suspended')
    await writer.open(join(installation.spool, 'waits.yaml'), 'r+')
    assert.equal(installation.cli('resume', 'waits').status, 0)
    const { status } = await installation.when('waits', (request) => request.status.reason === 'FileChanging')
    assert.match(status.message ?? '', /waits\.yaml is open for writing by process \d+/)
    await writer.write(`${waiting.replace('suspend: true', 'suspend: false')}  mode: DryRun\n`)
    await writer.close()
    const ended = await installation.ended('waits')
    assert.deepEqual([ended.phase, ended.generation, ended.spec.mode], ['Succeeded', 2, 'DryRun'])
    assertNothingRan()
  })
})

describe('two requests under one name', () => {
  const rejected = (file: string): string => {
    const path = join(installation.state, 'status', '_rejected', file)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }

  it('run neither, whichever comes first, until one of them goes', async () => {
    await installation.stop()
    writeFileSync(join(installation.spool, 'inc-9 (conflicted copy).yaml'), text('inc-9', OTHER), { mode: 0o644 })
    writeFileSync(join(installation.spool, 'inc-9.yaml'), text('inc-9'), { mode: 0o644 })
    writeFileSync(join(installation.spool, 'two.yaml'), `${text('two')}---\n${text('two', OTHER)}`, { mode: 0o644 })
    await installation.start()
    for (const name of ['inc-9', 'two']) {
      const { status } = await installation.when(name, (request) => request.status.reason === 'DuplicateName')
      assert.equal(status.startTime, undefined)
    }
    const { status } = await installation.when('inc-9', (request) => request.status.reason === 'DuplicateName')
    assert.match(status.message ?? '', /inc-9 \(conflicted copy\)\.yaml and inc-9\.yaml/)
    assert.match(installation.request('two')?.status.message ?? '', /two\.yaml and two\.yaml \(document 2\)/)
    for (const file of ['inc-9.yaml', 'inc-9 (conflicted copy).yaml', 'two.yaml'])
      assert.match(rejected(file), /DuplicateName: .* none of them runs/)
    await spoolWasRead('after-two')
    assert.equal(installation.request('inc-9')?.phase, 'Pending')
    assertNothingRan()

    renameSync(join(installation.spool, 'two.yaml'), join(installation.folder, 'two.yaml'))
    writeFileSync(join(installation.folder, 'inc-9.yaml'), `${text('inc-9')}  mode: DryRun\n`)
    rmSync(join(installation.spool, 'inc-9 (conflicted copy).yaml'))
    renameSync(join(installation.folder, 'inc-9.yaml'), join(installation.spool, 'inc-9.yaml'))
    const { phase, spec } = await installation.ended('inc-9')
    assert.deepEqual([phase, spec.mode, spec.source.backupId], ['Succeeded', 'DryRun', BACKUP])
    assert.equal((await installation.ended('two')).phase, 'Cancelled')
    assertNothingRan()
  })

  it('run neither, where the second comes while the first still waits', async () => {
    const waiting = text('waiting').replace('spec:', 'spec:\n  suspend: true')
    installation.dropText('waiting.yaml', waiting)
    await installation.when('waiting', ({ status }) => status.reason === 'Suspended')
    installation.dropText('WAITING.yml', text('waiting', OTHER))
    await installation.when('waiting', ({ status }) => status.reason === 'DuplicateName')
    assert.equal(installation.cli('resume', 'waiting').status, 0)
    await spoolWasRead('after-waiting')
    assert.equal(installation.request('waiting')?.status.reason, 'DuplicateName')
    rmSync(join(installation.spool, 'waiting.yaml'))
    rmSync(join(installation.spool, 'WAITING.yml'))
    assert.equal((await installation.ended('waiting')).phase, 'Cancelled')
    assertNothingRan()
  })
})
