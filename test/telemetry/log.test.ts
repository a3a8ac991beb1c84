import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { RestoreError } from '../../src/domain/errors.ts'
import type { Log } from '../../src/domain/log.ts'
import { LOG_LINES } from '../../src/domain/messages.ts'
import { createLog, type LogOptions } from '../../src/telemetry/log.ts'
import { scratchDirectory } from './restores.ts'

interface LogFile {
  readonly log: Log
  readonly text: () => string
  readonly lines: () => Record<string, unknown>[]
}

/** `journal` makes the file play the journal's socket: $JOURNAL_STREAM names its device and inode. */
function logFile(options: Partial<LogOptions> = {}, journal = false): LogFile {
  const path = join(scratchDirectory(), 'log')
  const fd = openSync(path, 'a')
  after(() => {
    closeSync(fd)
  })
  const { dev, ino } = fstatSync(fd, { bigint: true })
  const journalStream = journal ? `${dev}:${ino}` : undefined
  const text = (): string => readFileSync(path, 'utf8')
  return {
    log: createLog({ level: 'info', format: 'json', fd, journalStream, ...options }),
    text,
    lines: () =>
      text()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

describe('a JSON log line', () => {
  it('has the time, the level, the message and the fields under stable keys', () => {
    const { log, lines } = logFile()
    log.child({ component: 'reconciler' }).warn('phase failed', { phase: 'Swapping', reason: 'DiskFull' })
    const [line] = lines()
    assert.match(String(line?.['time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(
      { ...line, time: '' },
      { level: 'warn', time: '', component: 'reconciler', phase: 'Swapping', reason: 'DiskFull', msg: 'phase failed' },
    )
  })

  it('carries the correlation of its restore', () => {
    const { log, lines } = logFile()
    const restore = log.child({ request: 'inc-4711', uid: 'u-1', target: 'itsm-nexus' })
    restore.child({ phase: 'Swapping' }).info('begun')
    const { request, uid, target, phase } = lines()[0]!
    assert.deepEqual([request, uid, target, phase], ['inc-4711', 'u-1', 'itsm-nexus', 'Swapping'])
  })

  it("has the manual's lines as they are printed there", () => {
    const { log, lines } = logFile()
    log.info(LOG_LINES.rollbackCompleted)
    log.error(LOG_LINES.rollbackFailed('disk I/O error: 100%s %% %d'))
    assert.deepEqual(
      lines().map(({ msg }) => msg),
      ['[Restore] Rollback completed from safety backup', '[Restore] Rollback failed: disk I/O error: 100%s %% %d'],
    )
  })

  it('stays one line with one value per key, whatever is logged', () => {
    const { log, text, lines } = logFile()
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const unreadable = Object.defineProperty({}, 'field', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    log.child({ component: 'a', level: 'fake' }).info('two\nlines', {
      component: 'b',
      msg: 'other',
      big: 1n,
      circular,
      unreadable,
      when: new Date(0),
      f: () => 1,
    })
    assert.equal(text().split('\n').length, 2)
    assert.equal(text().match(/"(component|msg|level)":/g)?.length, 3)
    const [line] = lines()
    assert.deepEqual([line?.['level'], line?.['component'], line?.['msg']], ['info', 'b', 'two\nlines'])
    assert.deepEqual([line?.['big'], line?.['when']], ['1', '1970-01-01T00:00:00.000Z'])
    assert.deepEqual(line?.['unreadable'], { field: '[unreadable]' })
  })

  it('tells an error with its reason, hint and causes, and a stack only of one that nobody foresaw', () => {
    const { log, lines } = logFile()
    const cause = Object.assign(new Error('write failed'), { code: 'ENOSPC' })
    log.error('failed', { err: new RestoreError('no space', { reason: 'DiskFull', hint: 'free some', cause }) })
    const error = lines()[0]?.['error'] as Record<string, unknown>
    assert.deepEqual([error['reason'], error['hint'], error['stack']], ['DiskFull', 'free some', undefined])
    const inner = error['cause'] as Record<string, unknown>
    assert.deepEqual([inner['message'], inner['code']], ['write failed', 'ENOSPC'])
    assert.match(String(inner['stack']), /log\.test/)
  })

  it('is not written below the level', () => {
    const { log, text } = logFile({ level: 'warn' })
    log.info('story')
    log.debug('detail')
    assert.equal(text(), '')
  })
})

describe('secrets', () => {
  it('never reach the log, by key or by look', () => {
    const { log, text } = logFile()
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJlLWhlcmU'
    log.child({ apiKey: 'hush-1' }).info(`sent Authorization: Bearer hush-token-123 and ${token}`, {
      password: 'hush-2',
      headers: { Authorization: 'hush-3', 'X-Modosu-Signature': 'hush-4', cookie: ['hush-5'] },
      nested: [{ jwt_secret: 'hush-6', 'access-token': 'hush-7' }],
      url: 'https://user:hush-8@example.test/hook',
      error: new Error(`refused ${token}`, { cause: new Error('Basic aHVzaDpodXNoLTk=') }),
    })
    assert.doesNotMatch(text(), /hush|eyJ|aHVzaD/)
    assert.match(text(), /https:\/\/\[redacted\]@example\.test\/hook/)
  })

  it('are looked for in bounded time in the longest text', () => {
    const { log, lines } = logFile()
    log.info('eyJ'.repeat(100_000), { url: `://${'a:'.repeat(100_000)}` })
    assert.match(String(lines()[0]?.['msg']), /… \(291808 more\)$/)
  })
})

describe('a text log line', () => {
  it('is for people, and a message cannot forge a second one', () => {
    const { log, text } = logFile({ format: 'text' })
    log.child({ component: 'spool' }).warn('refused\n[2026-01-01] INFO: all is well', { file: 'x.yaml' })
    assert.match(
      text(),
      /^\[\d{4}-.*Z\] WARN: spool: refused\\n\[2026-01-01\] INFO: all is well \{"file":"x.yaml"\}\n$/,
    )
  })
})

describe('under the journal', () => {
  it('each line says its priority', () => {
    for (const format of ['json', 'text'] as const) {
      const { log, text } = logFile({ format, level: 'debug' }, true)
      log.error('a')
      log.warn('b')
      log.info('c')
      log.debug('d')
      const priorities = text()
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(0, 3))
      assert.deepEqual(priorities, ['<3>', '<4>', '<6>', '<7>'], format)
    }
  })

  it('no line does when the output was led elsewhere', () => {
    const { log, text } = logFile({ journalStream: '8:1234567' })
    log.error('a')
    assert.match(text(), /^\{/)
  })
})

describe('a process that logs', () => {
  const program = join(import.meta.dirname, 'log-writer.js')

  it('has written every line when it is killed', async () => {
    const child = spawn(process.execPath, [program, '{}', '50', 'kill'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    await new Promise((resolve) => child.once('close', resolve))
    assert.equal(text.trimEnd().split('\n').length, 50)
    assert.match(text.trimEnd().split('\n').at(-1)!, /"msg":"line 50"/)
  })

  it('goes on when nobody reads, and says afterwards how many lines are missing', async () => {
    const child = spawn(process.execPath, [program, '{}', '5000', 'wait'], { stdio: 'pipe' })
    await new Promise((resolve) => child.stderr.once('data', resolve))
    let text = ''
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('the reader is back')) resolve()
        else child.stdin.write('\n')
      })
    })
    child.stdin.end()
    await new Promise((resolve) => child.once('close', resolve))
    const lines = text.trimEnd().split('\n')
    const whole = lines.filter((line) => line.startsWith('{"level":"info"') && line.endsWith('"}')).length
    // A line of its return may be lost as well, and then there is a second word about lost ones.
    const lost = Array.from(text.matchAll(/"msg":"(\d+) log lines were lost/g), ([, count]) => Number(count))
    const returns = /the reader is back (\d+)"/.exec(lines.at(-1) ?? '')?.[1]
    assert.ok(lines.length < 5000)
    assert.equal(whole + lost.reduce((sum, count) => sum + count, 0), 5000 + Number(returns))
  })

  it('goes on when its reader has gone', async () => {
    const child = spawn(process.execPath, [program, '{}', '5000'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0)
  })
})
