/**
 * The composition root: everything is constructed here, in the order in which it depends on each other, and closed in the
 * reverse. Nothing above this file knows how the parts are wired, nothing below it knows that there are other parts.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { startControlApi } from '../api/control-api.ts'
import { verifyBackup } from '../api/backup-verification.ts'
import { Controller } from '../controller/controller.ts'
import { createFailpoints } from '../controller/failpoints.ts'
import { createDatabaseOperations } from '../database/client.ts'
import { systemClock } from '../domain/clock.ts'
import { RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { acquireFileLock } from '../sandbox/file-lock.ts'
import { waitForOrphans } from '../sandbox/orphans.ts'
import { createServiceOperations } from '../service/service.ts'
import { createManifestParser } from '../spool/parser-pool.ts'
import { Spool } from '../spool/spool.ts'
import { openStateStore, type StateStore } from '../store/store.ts'
import { DiskSampler } from '../telemetry/disk-sampler.ts'
import { eventLoopCheck } from '../telemetry/health.ts'
import { createLog } from '../telemetry/log.ts'
import { Notifier } from '../telemetry/notifier.ts'
import { PrometheusTelemetry } from '../telemetry/prometheus-telemetry.ts'
import { startTelemetryServer } from '../telemetry/server.ts'
import { CatalogObserver } from './catalog-observer.ts'
import { Closers } from './closers.ts'
import type { Configuration } from './configuration.ts'
import { startHeartbeat } from './heartbeat.ts'
import { createServiceManager, type ServiceManager } from './notify.ts'
import { observeCommit, observeController } from './observers.ts'
import { requireSafePermissions } from './permissions.ts'
import { parseOne } from './parse-one.ts'
import { readinessChecks } from './readiness.ts'
import { warnOfNarrowSight } from './sight.ts'
import { statusLine } from './status-line.ts'
import { versionInfo } from './version.ts'

/** Children of a killed daemon notice within 100 ms; one in the middle of a large write may take longer. */
const ORPHANS_MS = 30_000
/** Event-loop lag beyond which the process counts as stuck. */
const STUCK_MS = 5000
const DISK_LOOK_MS = 30_000

export interface DaemonOptions {
  readonly configuration: Configuration
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Stops the daemon when it is raised. */
  readonly stop: AbortSignal
  readonly insecurePermissions: boolean
}

/**
 * Runs until it is told to stop.
 *
 * @throws RestoreError where it cannot start; what was opened by then is closed again.
 */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { configuration, variables, stop } = options
  const log = createLog({
    level: logLevel(configuration.logging.level),
    format: configuration.logging.format,
    fd: 1,
    journalStream: variables['JOURNAL_STREAM'],
  })
  const closers = new Closers()
  const manager = createServiceManager(variables, log)
  try {
    await start(options, closers, log, manager)
    await raised(stop)
    log.info('stopping: restores that have stopped an application are carried to their end')
    manager.notify('STOPPING=1')
  } finally {
    await closers.closeAll(log)
  }
  log.info('stopped')
}

async function start(options: DaemonOptions, closers: Closers, log: Log, manager: ServiceManager): Promise<void> {
  const { configuration } = options
  if (!options.insecurePermissions) requireSafePermissions(configuration)
  warnOfNarrowSight(log)
  const store = await openState(configuration.stateDir, closers)
  // Beats until the last restore has been carried to its end, so it is closed after the controller.
  let endHeartbeat = (): void => undefined
  closers.add('the heartbeat', () => {
    endHeartbeat()
  })
  const parts = await assemble(options, store, closers, log)
  const say = (): void => {
    const stopping = options.stop.aborted ? 'stopping; ' : ''
    manager.notify(`STATUS=${stopping}${statusLine(store, configuration.spool.path)}`)
  }
  store.onCommit((_request, { to }) => {
    if (to !== undefined) say()
  })
  options.stop.addEventListener('abort', say, { once: true })
  endHeartbeat = startHeartbeat(manager, () => parts.controller.beat())
  parts.notifier.start()
  await parts.controller.start()
  parts.catalog.start()
  await openDoors(options, store, parts, closers, log)
  log.info('ready', {
    targets: configuration.targets.map(({ name }) => name),
    ...versionInfo(),
    spool: configuration.spool.path,
  })
  manager.notify('READY=1')
  say()
}

/** The one writer of the state store, proven by a lock that dies with the process. */
async function openState(stateDir: string, closers: Closers): Promise<StateStore> {
  mkdirSync(stateDir, { recursive: true, mode: 0o750 })
  const lock = acquireFileLock(join(stateDir, 'daemon.lock'))
  if (lock === null) {
    throw new RestoreError(`another daemon runs on ${stateDir}`, {
      reason: 'DaemonRunning',
      hint: 'systemctl status modosu; two daemons need a stateDir of their own each',
    })
  }
  closers.add('the daemon lock', () => {
    lock.release({ remove: false })
  })
  await waitForOrphans(childrenLock(stateDir), ORPHANS_MS)
  const store = openStateStore(stateDir, systemClock)
  closers.add('the state store', () => {
    store.close()
  })
  return store
}

function childrenLock(stateDir: string): string {
  return join(stateDir, 'children.lock')
}

type Parts = Awaited<ReturnType<typeof assemble>>

async function assemble(options: DaemonOptions, store: StateStore, closers: Closers, log: Log) {
  const { configuration, variables } = options
  const { stateDir, targets } = configuration
  const clock = systemClock
  const database = createDatabaseOperations({ lockFile: childrenLock(stateDir) })
  closers.add('the database operations', () => database.close())
  const parser = createManifestParser()
  closers.add('the manifest parser', () => parser.close())
  const disk = new DiskSampler(targets, stateDir, store, clock)
  closers.add('the disk sampler', () => {
    disk.stop()
  })
  await disk.start(DISK_LOOK_MS)
  const { modosu: version, node: nodeVersion, sqlite: sqliteVersion } = versionInfo()
  const build = { version, nodeVersion, sqliteVersion }
  const telemetry = new PrometheusTelemetry({ targets, jobs: [], source: store, disk, build, clock })
  const catalog = new CatalogObserver({ targets, database, store, telemetry, log })
  closers.add('the catalog observer', () => {
    catalog.stop()
  })
  const notifier = new Notifier({ targets, store, telemetry, clock, log })
  closers.add('the notifier', () => notifier.stop())
  store.onCommit((request, change) => {
    observeCommit(telemetry, request, change)
    catalog.requestCommitted(request, change)
    notifier.wake()
  })
  const service = createServiceOperations({ clock, baseEnvironment: baseEnvironment(variables) })
  const controller = new Controller({
    store,
    targets: new Map(targets.map((target) => [target.name, target])),
    deps: { reader: store, database, service, clock, stateDir, reach: createFailpoints(variables['MODOSU_FAILPOINT']) },
    clock,
    log,
    observer: observeController(telemetry),
    maxConcurrent: configuration.concurrency,
    onFirstStart: configuration.spool.onFirstStart,
    node: () => configuration.node,
  })
  closers.add('the controller', () => controller.stop())
  return { database, parser, telemetry, catalog, notifier, controller, clock }
}

/** What lets requests in and answers out, opened when everything behind it stands. */
async function openDoors(
  options: DaemonOptions,
  store: StateStore,
  parts: Parts,
  closers: Closers,
  log: Log,
): Promise<void> {
  const { configuration } = options
  const { stateDir, api, metrics } = configuration
  const { controller, telemetry, database, parser, clock } = parts
  const control = await startControlApi({
    socketPath: api.socket,
    commands: controller.commands,
    reader: store,
    parseManifest: (text) => parseOne(parser, text),
    verifier: (name, id) =>
      verifyBackup(requiredTarget(configuration, name), id, { database, clock, scratchDir: join(stateDir, 'scratch') }),
    version: versionInfo(),
    log,
  })
  closers.add('the control socket', () => control.close())
  if (metrics.listen !== null) {
    const server = await startTelemetryServer({
      ...metrics.listen,
      metrics: telemetry,
      livez: [eventLoopCheck(STUCK_MS)],
      readyz: readinessChecks(configuration, store),
      log,
    })
    closers.add('the metrics listener', () => server.close())
    log.info('metrics are served', { ...server.address })
  }
  const spool = new Spool({
    ...configuration.spool,
    node: configuration.node,
    intake: controller.intake,
    parser,
    statusDir: join(stateDir, 'status'),
    clock,
    log,
    telemetry,
  })
  closers.add('the spool', () => spool.stop())
  await spool.start()
}

function requiredTarget(configuration: Configuration, name: string) {
  const target = configuration.targets.find((candidate) => candidate.name === name)
  if (target !== undefined) return target
  throw new RestoreError(`unknown target: ${name}`, { reason: 'NotFound', hint: 'modosu get targets' })
}

/** Commands of the operator see where they are found and whose home it is, nothing else of ours. */
function baseEnvironment(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = ['PATH', 'LANG', 'HOME'].map((name) => [name, variables[name]] as const)
  return Object.fromEntries(kept.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))
}

function logLevel(level: Configuration['logging']['level']): 'debug' | 'info' | 'warn' | 'error' {
  if (level === 'trace') return 'debug'
  return level === 'fatal' ? 'error' : level
}

function raised(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve()
      },
      { once: true },
    )
  })
}
