/** Requests that have ended, many of them, and the look that takes those off the lists whose time is over. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SpoolIntake } from '../../src/controller/intake.ts'
import type { RestoreManifest } from '../../src/domain/resource.ts'
import { specHash } from '../../src/manifest/spec-hash.ts'
import { expireFinished } from '../../src/retention/expiry.ts'
import { verifyAudit } from '../../src/store/audit-verification.ts'
import { openStateStore, type StateStore } from '../../src/store/store.ts'
import { manifest } from '../cli/workplace.ts'
import { collectedLog } from '../telemetry/collected-log.ts'

export const DAY_SECONDS = 86_400
const START_MS = Date.parse('2026-01-01T00:00:00.000Z')

export class Ended {
  readonly stateDir = mkdtempSync(join(tmpdir(), 'modosu-expiry-'))
  nowMs = START_MS
  doubt: string | null = null
  readonly store: StateStore
  readonly #files = new Map<string, RestoreManifest>()

  constructor() {
    this.store = openStateStore(this.stateDir, { nowMs: () => this.nowMs })
  }

  /** Ends now. Rejected unless told: no level, nobody need look at it. */
  end(name: string, spec: Partial<RestoreManifest['spec']>, level: 'L1' | 'L2' | null = null): void {
    const asked = manifest(name, spec)
    this.#files.set(name, asked)
    this.store.create({
      manifest: asked,
      specHash: specHash(asked),
      origin: { kind: 'Spool', file: `${name}.yaml` },
      held: false,
      events: [],
    })
    if (level === null) {
      this.store.commit(name, { from: 'Pending', to: 'Cancelled', reason: 'Cancelled', message: 'cancelled' })
      return
    }
    this.store.commit(name, { from: 'Pending', to: 'Preflight', reason: 'Accepted', message: '' })
    this.store.commit(name, {
      from: 'Preflight',
      to: level === 'L1' ? 'Succeeded' : 'Failed',
      reason: 'RestoreCompleted',
      message: '',
      status: { escalation: { level, acknowledged: false } },
    })
  }

  expire(): Promise<number> {
    const { store, doubt } = this
    const clock = { nowMs: () => this.nowMs }
    return expireFinished({ store, clock, clockDoubt: () => doubt, log: collectedLog() }, new AbortController().signal)
  }

  listed(): readonly string[] {
    return this.store.listed().map(({ name }) => name)
  }

  /** Reads every file of the spool again, as a rescan does. @returns what would be looked at by the controller. */
  rescan(): readonly string[] {
    const wanted: string[] = []
    const intake = new SpoolIntake({
      store: this.store,
      onFirstStart: 'Run',
      now: () => this.nowMs,
      spoolPath: () => '/var/spool/modosu',
      enqueue: (name) => wanted.push(name),
      cancel: () => undefined,
    })
    for (const [name, file] of this.#files) {
      intake.apply({ file: `${name}.yaml`, index: 0, manifest: file, rivals: [] }, true)
    }
    return wanted.filter((name) => this.store.request(name)?.phase === 'Pending')
  }

  auditIsWhole(): void {
    assert.equal(verifyAudit(this.stateDir, this.store).verdict.broken, null)
  }

  close(): void {
    this.store.close()
    rmSync(this.stateDir, { recursive: true, force: true })
  }
}

/** @param count of requests, one every second one of which is older than its time. */
export async function shrinks(count: number): Promise<void> {
  const world = new Ended()
  try {
    // In one transaction: none of them has an audit record, and no power is lost here.
    world.store.atomically(() => {
      for (let number = 0; number < count; number += 1) {
        const ttl = number % 2 === 0 ? DAY_SECONDS : 10 * DAY_SECONDS
        world.end(`inc-${number}`, { ttlSecondsAfterFinished: ttl })
      }
    })
    world.nowMs += 2 * DAY_SECONDS * 1000
    assert.equal(await world.expire(), count / 2)
    assert.equal(world.listed().length, count / 2)
    assert.ok(world.store.listed().every(({ spec }) => spec.ttlSecondsAfterFinished === 10 * DAY_SECONDS))
    assert.equal(world.store.requests().length, count)
    assert.equal(world.store.audit().filter(({ operation }) => operation === 'expire').length, count / 2)
    world.auditIsWhole()
    assert.deepEqual(world.rescan(), [])
    assert.equal(world.listed().length, count / 2)
    assert.equal(await world.expire(), 0)
  } finally {
    world.close()
  }
}
