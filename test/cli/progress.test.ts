import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'

import type { Environment } from '../../src/cli/environment.ts'
import { displayWidth } from '../../src/cli/display-width.ts'
import { Output } from '../../src/cli/output.ts'
import { printOutcome, successLines } from '../../src/cli/progress/outcome-view.ts'
import { ProgressView } from '../../src/cli/progress/progress-view.ts'
import { stepSinceMs, stepStates, type Walked } from '../../src/domain/steps.ts'
import { isMet, namesAnotherEnd, parseWaitCondition } from '../../src/cli/progress/wait-condition.ts'
import type { RestoreRequest } from '../../src/domain/resource.ts'
import { manifest } from './workplace.ts'

const ENVIRONMENT: Environment = {
  configPath: '',
  configChosen: false,
  noColor: true,
  dumbTerminal: false,
  debug: false,
  login: 'me',
  temporaryDirectory: '/tmp',
  variables: {},
}

/** An output and what was written to it. */
function captured(terminal = false, columns = 80) {
  const stdout = Object.assign(new PassThrough(), { isTTY: terminal, columns })
  const stderr = new PassThrough()
  const output = new Output(stdout, stderr, ENVIRONMENT)
  return { output, stdout: () => String(stdout.read() ?? ''), stderr: () => String(stderr.read() ?? '') }
}

/** The edges through these phases. */
function walk(...phases: string[]): Walked[] {
  return phases.map((to, index) => ({ from: phases[index - 1] ?? null, to }))
}

const WHOLE = [
  'Pending',
  'Preflight',
  'SafetyBackup',
  'VerifyingChecksum',
  'VerifyingBackup',
  'Quiescing',
  'Swapping',
  'VerifyingRestored',
  'Resuming',
  'Succeeded',
] as const

function states(...phases: string[]): string {
  return Object.values(stepStates(walk(...phases))).join(' ')
}

describe('the five steps', () => {
  it('wait until the restore begins, and are done when it has succeeded', () => {
    assert.equal(states('Pending', 'Preflight'), 'waiting waiting waiting waiting waiting')
    assert.equal(states(...WHOLE.slice(0, 5)), 'done done running waiting waiting')
    assert.equal(states(...WHOLE.slice(0, 7)), 'done done done running waiting')
    assert.equal(states(...WHOLE), 'done done done done done')
  })

  it('fail where the restore failed, before the swap and after it', () => {
    assert.equal(states(...WHOLE.slice(0, 4), 'Failed'), 'done failed waiting waiting waiting')
    assert.equal(states(...WHOLE.slice(0, 8), 'RollingBack', 'RolledBack'), 'done done done done failed')
  })

  it('are skipped where the restore jumps over them', () => {
    assert.equal(states('Pending', 'Preflight', 'VerifyingChecksum'), 'skipped running waiting waiting waiting')
    assert.equal(
      states('Pending', 'Preflight', 'VerifyingChecksum', 'VerifyingBackup', 'Succeeded'),
      'skipped done done skipped skipped',
    )
  })

  it('begin again when a crash has sent the restore back', () => {
    assert.equal(states(...WHOLE.slice(0, 5), 'Preflight'), 'waiting waiting waiting waiting waiting')
    assert.equal(states(...WHOLE.slice(0, 5), 'Preflight', 'SafetyBackup'), 'running waiting waiting waiting waiting')
  })
})

describe('the progress of a restore', () => {
  it('is the manual’s heading and five lines, byte for byte (3.2, step 7; R45)', () => {
    const { output, stdout } = captured()
    const view = new ProgressView(output, 'ja')
    for (let phases = 1; phases <= WHOLE.length; phases += 1) view.update(stepStates(walk(...WHOLE.slice(0, phases))))
    view.end()
    assert.equal(
      stdout(),
      [
        'リストア実行中...',
        '  [1/5] 安全バックアップを作成中...     完了',
        '  [2/5] チェックサムを検証中...         完了',
        '  [3/5] 整合性チェックを実行中...       完了',
        '  [4/5] データベースを差し替え中...     完了',
        '  [5/5] 復元後の整合性チェック中...     完了',
        '',
      ].join('\n'),
    )
  })

  it('is the same when only the end was seen, and tells what failed', () => {
    const { output, stdout } = captured()
    new ProgressView(output, 'en').update(stepStates(walk(...WHOLE.slice(0, 4), 'Failed')))
    assert.equal(
      stdout(),
      [
        'Restore in progress...',
        '  [1/5] Creating the safety backup...         done',
        '  [2/5] Verifying checksums...                failed',
        '',
      ].join('\n'),
    )
  })

  it('says nothing of a dry run, which has no steps', () => {
    const { output, stdout } = captured()
    new ProgressView(output, 'ja').update(stepStates(walk('Pending', 'Preflight', 'Succeeded')))
    assert.equal(stdout(), '')
  })

  it('rewrites one line with a bar on a terminal', () => {
    const { output, stdout } = captured(true)
    const view = new ProgressView(output, 'ja')
    const progress = { step: 2, bytesDone: 50, bytesTotal: 100 } as const
    view.update(stepStates(walk(...WHOLE.slice(0, 4))), progress)
    view.end()
    const lines = stdout().split('\r')
    assert.equal(
      lines.at(-1),
      '\u001b[2K  [2/5] チェックサムを検証中...         実行中 ... [######..............] 30%\n',
    )
  })

  it('shows bar, bytes and time of the step in every language, and no line that wraps', () => {
    const GB = 1024 ** 3
    const progress = { step: 3, bytesDone: 1.2 * GB, bytesTotal: 3.4 * GB } as const
    const nowMs = Date.parse('2026-02-15T15:05:30Z')
    for (const language of ['en', 'ja'] as const) {
      for (const columns of [200, 80, 60, 40, 20]) {
        const { output, stdout } = captured(true, columns)
        const view = new ProgressView(output, language, { nowMs: () => nowMs })
        view.update(stepStates(walk(...WHOLE.slice(0, 5))), progress, nowMs - 75_000)
        view.end()
        const line = stdout().split('\u001b[2K').at(-1)!.trimEnd()
        assert.ok(displayWidth(line) < columns, `${columns}: ${line}`)
        assert.match(line, /\[3\/5\].* 47%/)
        if (columns >= 40) assert.match(line, /\[#+\.+\] 47% 1\.2\/3\.4 GB 75s$/, `${columns}`)
      }
    }
  })

  it('knows since when the step is running', () => {
    const at = (second: number): string => `2026-02-15T15:05:0${second}.000Z`
    const edges = walk(...WHOLE.slice(0, 7)).map((edge, index) => ({ ...edge, at: at(index) }))
    // Quiescing and Swapping are one step.
    assert.equal(stepSinceMs(edges), Date.parse(at(5)))
    assert.equal(stepSinceMs(walk('Pending')), undefined)
  })
})

function request(over: Partial<RestoreRequest>): RestoreRequest {
  return {
    name: 'inc-4711',
    uid: 'u',
    generation: 1,
    origin: { kind: 'Api', client: 'me' },
    labels: {},
    annotations: {},
    spec: manifest('inc-4711').spec,
    specHash: '',
    status: { observedGeneration: 1, phase: over.phase ?? 'Pending', checks: [], conditions: [] },
    phase: 'Pending',
    held: false,
    suspended: false,
    cancelRequested: null,
    approvals: [],
    attempts: 0,
    createdAt: '2026-02-15T15:05:30.000Z',
    forgottenAt: null,
    ...over,
  }
}

const SAFETY = { name: 'restore_safety_20260215150530.db', path: '/b/x', sha256: '', raw: false }

describe('the outcome of a restore', () => {
  it('is the manual’s success box, byte for byte (3.2, step 8; R47)', () => {
    const succeeded = request({
      phase: 'Succeeded',
      status: { observedGeneration: 1, phase: 'Succeeded', checks: [], conditions: [], safetyBackup: SAFETY },
    })
    assert.deepEqual(successLines(succeeded, 'ja').slice(1), [
      'リストアが完了しました',
      '',
      'リストア元: BKP-20260215-020015-daily',
      '安全バックアップ: restore_safety_20260215150530.db',
      '整合性チェック: 合格',
      '',
      'アプリケーションをリロードしてください。',
    ])
  })

  it('of a failure goes to stderr: what happened, what became of the database, what to do', () => {
    const { output, stdout, stderr } = captured()
    const status = {
      observedGeneration: 1,
      phase: 'RolledBack',
      reason: 'RestoredIntegrityFailed',
      message: 'Restored database integrity check failed',
      hint: 'look at the disk: dmesg',
      checks: [],
      conditions: [],
      escalation: { level: 'L2', acknowledged: false },
    } as const
    printOutcome(output, request({ phase: 'RolledBack', status }), 'en', '/spool')
    assert.equal(stdout(), '')
    assert.equal(
      stderr(),
      [
        'error: Restored database integrity check failed',
        'phase: RolledBack, reason: RestoredIntegrityFailed',
        'The database is as it was before the restore.',
        'hint: look at the disk: dmesg',
        'look: modosu describe request inc-4711',
        'next: modosu explain RestoredIntegrityFailed   # cause, check and remedy',
        'next: modosu retry inc-4711   # try again once the cause is mended',
        'next: modosu ack inc-4711   # seen and dealt with: resolves the L2 alert',
        '',
      ].join('\n'),
    )
  })

  it('does not call a database untouched that a restore without a safety backup has changed', () => {
    const { output, stderr } = captured()
    const condition = {
      type: 'RolledBack',
      status: 'False',
      reason: 'NoSafetyBackup',
      message: '',
      lastTransitionTime: '',
      observedGeneration: 1,
    } as const
    const status = { observedGeneration: 1, phase: 'Failed', checks: [], conditions: [condition] } as const
    printOutcome(output, request({ phase: 'Failed', status }), 'en', '/spool')
    const said = stderr()
    assert.match(said, /changed and not rolled back/)
    assert.doesNotMatch(said, /was not changed/)
  })
})

describe('what wait waits for', () => {
  it('is written as kubectl writes it', () => {
    assert.deepEqual(parseWaitCondition('condition=Succeeded'), {
      kind: 'condition',
      type: 'Succeeded',
      status: 'True',
    })
    assert.deepEqual(parseWaitCondition('condition=RolledBack=false'), {
      kind: 'condition',
      type: 'RolledBack',
      status: 'False',
    })
    assert.deepEqual(parseWaitCondition('phase=swapping'), { kind: 'phase', phase: 'Swapping' })
    assert.deepEqual(parseWaitCondition('terminal'), { kind: 'terminal' })
    for (const text of ['', 'phase=Nowhere', 'phase=Swapping=True', 'condition=', 'condition=A=B', 'succeeded']) {
      assert.equal(parseWaitCondition(text), undefined, text)
    }
  })

  it('counts a phase that has been passed, but not an end that an edit has undone', () => {
    const transitions = walk('Pending', 'Rejected', 'Pending', 'Preflight', 'SafetyBackup').map((edge) => ({
      ...edge,
      id: 1,
      request: '',
      uid: '',
      reason: '',
      message: '',
      at: '',
    }))
    const sight = {
      request: {
        ...request({ phase: 'SafetyBackup' }),
        seq: 1,
        work: {},
        submitter: null,
        approvers: [],
        terminalAt: null,
        resourceVersion: 0,
      },
      transitions,
    }
    assert.equal(isMet({ kind: 'phase', phase: 'Preflight' }, sight), true)
    assert.equal(isMet({ kind: 'phase', phase: 'Rejected' }, sight), false)
    assert.equal(isMet({ kind: 'terminal' }, sight), false)
  })

  it('is success only where success was asked for', () => {
    assert.equal(namesAnotherEnd({ kind: 'condition', type: 'Succeeded', status: 'True' }), false)
    assert.equal(namesAnotherEnd({ kind: 'terminal' }), false)
    assert.equal(namesAnotherEnd({ kind: 'condition', type: 'Succeeded', status: 'False' }), true)
    assert.equal(namesAnotherEnd({ kind: 'phase', phase: 'RolledBack' }), true)
  })
})
