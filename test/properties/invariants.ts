/** What must hold whenever nothing moves, whatever was asked, edited, killed and broken before. Judged from disk and store alone. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'

import { isTerminal, occupiesTarget, type Phase } from '../../src/domain/phases.ts'
import { verifyAudit } from '../../src/store/audit-verification.ts'
import { openStateReader, type StateReader } from '../../src/store/reader.ts'
import type { OutcomeRecord, StoredRequest } from '../../src/store/rows.ts'
import { harmOf, TARGETS, type TargetName, type World } from './world.ts'

/** What the databases must hold, followed outcome by outcome. */
export class Ledger {
  readonly #world: World
  readonly content = new Map<string, string>()
  readonly #safety = new Map<string, string>()
  readonly #ended = new Map<string, string>()
  readonly #tally: Map<string, number>
  #outcomes = 0

  /** @param tally how often each end was reached, over all stories. */
  constructor(world: World, tally: Map<string, number>) {
    this.#world = world
    this.#tally = tally
    for (const target of TARGETS) this.content.set(target, world.contentOf(world.database(target)))
  }

  /** After a death, before anybody recovers: each database is wholly the one from before or wholly a restored one. */
  checkDead(): void {
    for (const target of TARGETS) {
      const found = this.#world.contentOf(this.#world.database(target))
      const known = found.startsWith(`${target} `) || found === this.content.get(target)
      assert.ok(known, `${target} holds "${found}" after a crash`)
    }
  }

  /** @param metrics the exposition of the running controller. */
  checkQuiet(metrics: string): void {
    const reader = openStateReader(join(this.#world.root, 'state'))
    try {
      this.#followOutcomes(reader)
      checkTransitions(reader)
      checkOnce(reader, metrics)
      const { verdict } = verifyAudit(join(this.#world.root, 'state'), reader)
      assert.equal(verdict.broken, null, 'the audit chain is whole')
      for (const request of reader.requests()) {
        checkSwapped(reader, request)
        this.#checkEnded(request)
        this.#checkMirror(request)
      }
      for (const target of TARGETS) this.#checkDatabase(target)
    } finally {
      reader.close()
    }
  }

  #checkDatabase(target: TargetName): void {
    const database = this.#world.database(target)
    assert.equal(this.#world.contentOf(database), this.content.get(target), `the content of ${target}`)
    const left = readdirSync(dirname(database)).filter((name) => name.includes('.modosu-'))
    assert.deepEqual(left, [], 'nothing of ours is left beside a database')
  }

  #followOutcomes(reader: StateReader): void {
    const outcomes = reader.outcomesAfter(this.#outcomes)
    for (const outcome of outcomes) {
      this.#outcomes = outcome.rowid
      if (outcome.mode === 'Restore') this.#tally.set(outcome.result, (this.#tally.get(outcome.result) ?? 0) + 1)
      const request = reader.request(outcome.request)
      if (request !== undefined && outcome.mode === 'Restore' && request.generation === outcome.generation) {
        this.#follow(outcome, request)
      }
    }
  }

  #follow(outcome: OutcomeRecord, request: StoredRequest): void {
    const { spec, status } = request
    const before = this.content.get(spec.target) ?? ''
    const left = status.conditions.some(({ type, status: is }) => type === 'RolledBack' && is === 'False')
    const replaced = outcome.result === 'Succeeded' || (outcome.result === 'Failed' && left)
    assert.notEqual(outcome.result, 'RollbackFailed', `${request.name}: ${status.message ?? ''}`)
    const swapped = reachedSwap(status.conditions)
    if ((replaced || outcome.result === 'RolledBack') && spec.backupCurrent) {
      const { safetyBackup } = status
      assert.ok(safetyBackup !== undefined, `${request.name} replaced a database and names no safety backup`)
      assert.equal(this.#world.contentOf(safetyBackup.path), before, `the safety backup of ${request.name}`)
      this.#safety.set(`${spec.target}/${safetyBackup.name}`, before)
    }
    if (!replaced) return
    assert.ok(swapped, `${request.name} replaced a database without a swap`)
    const harm = harmOf(status.resolvedBackup?.backupId ?? '')
    assert.ok(outcome.result !== 'Succeeded' || harm === 'none', `${request.name} succeeded with too few ${harm}`)
    const { safetyBackup } = spec.source
    this.content.set(
      spec.target,
      safetyBackup === undefined
        ? this.#world.backupContent(spec.target as TargetName, status.resolvedBackup?.backupId ?? '')
        : (this.#safety.get(`${spec.target}/${safetyBackup.name}`) ??
            this.#world.contentOf(status.resolvedBackup?.path ?? '')),
    )
  }

  /** Terminal is terminal: an edit of a Rejected request is another generation (decision 0001). */
  #checkEnded({ uid, generation, phase, status }: StoredRequest): void {
    if (!isTerminal(phase)) return
    const key = `${uid}/${generation}`
    const said = `${phase} ${status.reason ?? ''} ${status.completionTime ?? ''}`
    assert.equal(this.#ended.get(key) ?? said, said, 'a terminal phase changed')
    this.#ended.set(key, said)
  }

  #checkMirror(request: StoredRequest): void {
    const text = readFileSync(join(this.#world.root, 'state', 'status', `${request.name}.yaml`), 'utf8')
    assert.equal((parse(text) as { status: { phase: string } }).status.phase, request.phase, 'the mirrored status')
  }
}

function reachedSwap(conditions: StoredRequest['status']['conditions']): boolean {
  return conditions.some(({ type, status }) => type === 'Swapped' && status === 'True')
}

/** At most one restore occupies a target, nothing leaves a terminal phase, and nothing swaps twice. */
function checkTransitions(reader: StateReader): void {
  const present = new Map<string, string>()
  const swaps = new Map<string, number>()
  const targetOf = new Map(reader.requests().map(({ uid, spec }) => [uid, spec.target]))
  for (const { uid, from, to, reason } of reader.transitionsAfter(0)) {
    const target = targetOf.get(uid) ?? ''
    if (from !== null && isTerminal(from as Phase)) {
      assert.deepEqual([from, to, reason], ['Rejected', 'Pending', 'Edited'], 'the only way out of a terminal phase')
    }
    if (to === 'Pending') swaps.delete(uid)
    if (to === 'VerifyingRestored') {
      swaps.set(uid, (swaps.get(uid) ?? 0) + 1)
      assert.equal(swaps.get(uid), 1, 'a generation swaps once')
    }
    if (occupiesTarget(to as Phase)) {
      assert.equal(present.get(target) ?? uid, uid, `two restores of ${target} at once`)
      present.set(target, uid)
    } else if (present.get(target) === uid) present.delete(target)
  }
}

/** Checksum (or its skip), integrity of the staged file, exclusive access: no swap before the three. */
function checkSwapped(reader: StateReader, { uid, status, name }: StoredRequest): void {
  if (!reachedSwap(status.conditions)) return
  const passed = (check: string, ...results: string[]) =>
    status.checks.some((done) => done.name === check && results.includes(done.result))
  const harm = harmOf(status.resolvedBackup?.backupId ?? '')
  assert.ok(harm === 'none' || harm === 'rows', `${name} swapped a backup that has ${harm} wrong`)
  assert.ok(passed('checksum', 'pass', 'skip'), `${name} swapped without a checksum`)
  assert.ok(passed('integrity', 'pass'), `${name} swapped without an integrity check`)
  const swaps = reader.transitions(uid).filter(({ to }) => to === 'Swapping')
  assert.ok(swaps.length > 0, name)
  for (const { from, reason } of swaps) {
    assert.deepEqual([from, reason], ['Quiescing', 'Quiesced'], `${name} swapped without exclusive access`)
  }
}

/** Every end in status, transition, outcome, event, audit and metric, each once. */
function checkOnce(reader: StateReader, metrics: string): void {
  const outcomes = reader.outcomesAfter(0)
  const ends = reader.transitionsAfter(0).filter(({ to }) => isTerminal(to as Phase))
  assert.equal(outcomes.length, ends.length, 'an outcome for each end')
  const audit = reader.audit().filter(({ operation }) => ['restore', 'drill', 'dry-run'].includes(operation))
  assert.equal(audit.length, outcomes.length, 'an audit record for each end')
  for (const { uid, generation, result, reason, request } of outcomes) {
    const records = audit.filter(({ details }) => details['uid'] === uid && details['generation'] === generation)
    assert.deepEqual(
      records.map(({ details }) => [details['phase'], details['reason']]),
      [[result, reason]],
      `the audit of ${request}`,
    )
    const events = reader.events({ request }).filter((event) => event.reason === reason || event.reason === result)
    assert.ok(events.length > 0, `an event for the end of ${request} (${reason})`)
    const now = reader.request(request)
    if (now?.generation === generation) assert.deepEqual([now.phase, now.status.reason], [result, reason])
  }
  const counted = { Restore: 'modosu_restores_total', Drill: 'modosu_drills_total', DryRun: 'modosu_dry_runs_total' }
  for (const [mode, metric] of Object.entries(counted)) {
    const lines = metrics.split('\n').filter((line) => line.startsWith(`${metric}{`))
    const sum = lines.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0)
    assert.equal(sum, outcomes.filter((outcome) => outcome.mode === mode).length, metric)
  }
}
