/**
 * One life of the controller, in a process that may be killed: the real reconciler, state store, databases, commands and
 * metrics, driven by messages. Argument: JSON of `LifeSettings`.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { Controller } from '../../src/controller/controller.ts'
import { createFailpoints, type Reach } from '../../src/controller/failpoints.ts'
import { observeCommit, observeController } from '../../src/daemon/observers.ts'
import { messageOf, RestoreError } from '../../src/domain/errors.ts'
import type { Log } from '../../src/domain/log.ts'
import { waitForOrphans } from '../../src/sandbox/orphans.ts'
import { createServiceOperations } from '../../src/service/service.ts'
import { openStateStore } from '../../src/store/store.ts'
import { DiskSampler } from '../../src/telemetry/disk-sampler.ts'
import { PrometheusTelemetry } from '../../src/telemetry/prometheus-telemetry.ts'
import { createDatabaseOperations } from '../../src/database/client.ts'
import type { Answer, Call, LifeSettings } from './protocol.ts'

/** A request that waits for one of these waits for a person or for time, not for us. */
const WAITS = new Set(['NoHistory', 'Suspended', 'WaitingForWindow', 'ApprovalRequired', 'RateLimited'])
/** No test may depend on speed: this only ends a test that would never end. */
const PATIENCE_MS = 900_000
const ACTOR = { name: 'tester', via: 'socket' } as const
/** Whoever submitted cannot approve. */
const APPROVER = { name: 'approver', via: 'socket' } as const
const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
}

const { root, targets, ...settings } = JSON.parse(process.argv[2] ?? '') as LifeSettings
let offsetMs = settings.clockOffsetMs
let failpoint: Reach = () => undefined
const clock = { nowMs: () => Date.now() + offsetMs }
const stateDir = join(root, 'state')
const lockFile = join(stateDir, 'children.lock')
mkdirSync(stateDir, { recursive: true })
await waitForOrphans(lockFile, 60_000)
const store = openStateStore(stateDir, clock)
const disk = new DiskSampler(targets, stateDir, store, clock)
const build = { version: '0', nodeVersion: '0', sqliteVersion: '0' }
const telemetry = new PrometheusTelemetry({ targets, jobs: [], source: store, disk, build, clock })
store.onCommit((request, change) => {
  observeCommit(telemetry, request, change)
})
let active = 0
let waiting = 0
const observer = observeController(telemetry)
const controller = new Controller({
  store,
  targets: new Map(targets.map((target) => [target.name, target])),
  deps: {
    reader: store,
    database: createDatabaseOperations({ lockFile }),
    service: createServiceOperations({ clock, baseEnvironment: { PATH: process.env['PATH'] ?? '' } }),
    clock,
    stateDir,
    reach: (point) => {
      failpoint(point)
    },
  },
  clock,
  log: SILENT,
  observer: {
    ...observer,
    depth: (depth) => {
      waiting = depth
    },
    started: (waitedMs) => {
      active += 1
      observer.started(waitedMs)
    },
    finished: (tookMs) => {
      active -= 1
      observer.finished(tookMs)
    },
  },
  maxConcurrent: () => 2,
  node: () => ({ name: 'here', labels: {} }),
  spoolPath: () => stateDir,
  onFirstStart: 'Run',
})
await controller.start()

function moves(): boolean {
  if (active > 0 || waiting > 0) return true
  return store.unfinished().some(({ phase, status }) => phase !== 'Pending' || !WAITS.has(status.reason ?? ''))
}

async function settle(): Promise<string> {
  const end = Date.now() + PATIENCE_MS
  while (moves()) {
    if (Date.now() > end) {
      const left = store.unfinished().map(({ name, phase, status }) => `${name} ${phase} ${status.reason ?? ''}`)
      throw new Error(`it never settles: ${left.slice(0, 10).join(', ')}`)
    }
    await sleep(5)
  }
  return ''
}

function obey(call: Call): string | Promise<string> {
  const { commands, intake } = controller
  switch (call.act) {
    case 'apply':
      return JSON.stringify(
        intake.apply(
          { file: `${call.manifest.metadata.name}.yaml`, index: 0, manifest: call.manifest, rivals: [] },
          false,
        ),
      )
    case 'absent':
      intake.absent(call.name)
      return ''
    case 'submit':
      return commands.submit(call.manifest, ACTOR).name
    case 'cancel':
      return commands.cancel(call.name, ACTOR, '').name
    case 'approve':
      return commands.approve(call.name, APPROVER).name
    case 'suspend':
      return commands.suspend(call.name, ACTOR).name
    case 'resume':
      return commands.resume(call.name, ACTOR).name
    case 'retry':
      return commands.retry(call.name, ACTOR).name
    case 'ack':
      return commands.acknowledge(call.name, ACTOR).name
    case 'rollback':
      return commands.rollback(call.target, {}, ACTOR).then(({ name }) => name)
    case 'failpoint':
      failpoint = createFailpoints(call.point === null ? undefined : `${call.point}=SIGKILL`)
      return ''
    case 'clock':
      offsetMs = call.offsetMs
      return ''
    case 'settle':
      return settle()
    case 'metrics':
      return telemetry.render()
  }
}

process.on('message', ({ id, call }: { id: number; call: Call }) => {
  Promise.resolve()
    .then(() => obey(call))
    .then(
      (text): Answer => ({ id, text, refused: false }),
      (error: unknown): Answer => {
        const text = error instanceof RestoreError ? error.reason : `InternalError: ${messageOf(error)}`
        return { id, text, refused: true }
      },
    )
    .then((answer) => process.send?.(answer))
    .catch(() => undefined)
})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.send?.({ id: 0, text: '', refused: false } satisfies Answer)
