/**
 * The composition root: everything is constructed here, in the order in which it depends on each other, and closed in the
 * reverse. Nothing above this file knows how the parts are wired, nothing below it knows that there are other parts.
 */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import type { ApiContext } from '../api/app.ts'
import { startControlApi } from '../api/control-api.ts'
import { ApiAudit } from '../api/call-audit.ts'
import { BackupIndex } from '../api/backup-index.ts'
import type { BackupSet } from '../catalog/contract.ts'
import { Controller } from '../controller/controller.ts'
import { createFailpoints } from '../controller/failpoints.ts'
import { abandonedFiles } from '../controller/leftovers.ts'
import { createDatabaseOperations } from '../database/client.ts'
import { messageOf, RestoreError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import type { Language } from '../domain/messages.ts'
import type { Target } from '../domain/target.ts'
import { isTerminal } from '../domain/phases.ts'
import { removeTemporaries } from '../files/replace-file.ts'
import { acquireFileLock } from '../sandbox/file-lock.ts'
import { waitForOrphans } from '../sandbox/orphans.ts'
import { createServiceOperations } from '../service/service.ts'
import { createManifestParser } from '../spool/parser-pool.ts'
import { Spool } from '../spool/spool.ts'
import { verifyAudit } from '../store/audit-verification.ts'
import { openStateStore, type StateStore } from '../store/store.ts'
import { DiskSampler } from '../telemetry/disk-sampler.ts'
import { eventLoopCheck } from '../telemetry/health.ts'
import { createLog } from '../telemetry/log.ts'
import { Notifier } from '../telemetry/notifier.ts'
import { PrometheusTelemetry } from '../telemetry/prometheus-telemetry.ts'
import { startTelemetryServer } from '../telemetry/server.ts'
import { ApiListener } from './api-listener.ts'
import { apiParts } from './api-parts.ts'
import { CatalogObserver } from './catalog-observer.ts'
import { Closers } from './closers.ts'
import { keepConfigurationCopy } from './config-copy.ts'
import type { Configuration } from './configuration.ts'
import { startHeartbeat } from './heartbeat.ts'
import { LiveConfiguration } from './live-configuration.ts'
import { LiveTargets } from './live-targets.ts'
import { createServiceManager, type ServiceManager } from './notify.ts'
import { observeCommit, observeController } from './observers.ts'
import { requireSafePermissions, warnOfPermissions } from './permissions.ts'
import { parseOne } from './parse-one.ts'
import { Reloader } from './reload.ts'
import { Renewable } from './renewable.ts'
import { readinessChecks } from './readiness.ts'
import { JOBS, Upkeep } from './upkeep.ts'
import { warnOfNarrowSight } from './sight.ts'
import { SpoolDoor } from './spool-door.ts'
import { guardState, StateMarks } from './state-guard.ts'
import { statusLine } from './status-line.ts'
import { TimeKeeper } from './time-keeper.ts'
import { createVerifier } from './verifier.ts'
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
  /** Has the configuration read anew at each event `reload`. */
  readonly hangups: EventTarget
  readonly insecurePermissions: boolean
  /** An English text of the program in the language, for answers that people read. */
  readonly say: (text: string, language: Language) => string
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

async function start(options: DaemonOptions, closers: Closers, log: DaemonLog, manager: ServiceManager): Promise<void> {
  const { configuration } = options
  if (options.insecurePermissions) warnOfPermissions(configuration, log)
  else requireSafePermissions(configuration)
  warnOfNarrowSight(log)
  const { store, time } = await openState(configuration, closers, log)
  watchAudit(store, configuration.stateDir, log)
  guardState(store, configuration.targets, time.clock.nowMs(), log)
  // Beats until the last restore has been carried to its end, so it is closed after the controller.
  let endHeartbeat = (): void => undefined
  closers.add('the heartbeat', () => {
    endHeartbeat()
  })
  // Answers until the restores that its clients wait for have ended, so it is closed after the controller.
  const apiListener = new ApiListener(configuration, log)
  closers.add('the API listener', () => apiListener.close())
  const keepCopy = copyKeeper(configuration.stateDir, log)
  keepCopy(configuration)
  const live = liveParts(configuration, store)
  const parts = await assemble(options, live, { store, time }, closers, log)
  const say = (): void => {
    const stopping = options.stop.aborted ? 'stopping; ' : ''
    manager.notify(`STATUS=${stopping}${statusLine(store, configuration.spool.path)}`)
  }
  store.onCommit((_request, { to }) => {
    if (to !== undefined) say()
  })
  options.stop.addEventListener('abort', say, { once: true })
  endHeartbeat = startHeartbeat(manager, () => parts.controller.beat())
  await parts.notifier.start()
  await parts.controller.start()
  parts.catalog.start()
  for (const { target, request, message, commands } of abandonedFiles(configuration.targets, store)) {
    log.error(message, { target, request, hint: commands.join('; ') })
  }
  await parts.upkeep.start()
  const { insecurePermissions, hangups } = options
  const { telemetry, clock } = parts
  const reloader = new Reloader({
    ...live,
    store,
    live: live.configuration,
    manager,
    telemetry,
    clock,
    log,
    insecurePermissions,
    prepare: (next) => apiListener.prepare(next),
    keepCopy,
  })
  const context = await openDoors({ live, store, parts, closers, log, reloader, say: options.say })
  await apiListener.open(context, {
    rateLimit: () => live.configuration.current.api.rateLimit,
    store,
    telemetry,
    clock,
    database: parts.database,
    targets: live.targets.byName,
  })
  options.stop.addEventListener(
    'abort',
    () => {
      apiListener.drain()
    },
    { once: true },
  )
  live.configuration.onChange(({ logging: { level } }) => {
    log.setLevel(logLevel(level))
  })
  const hear = (): void => void reloader.reloadAndTell()
  hangups.addEventListener('reload', hear)
  closers.add('the reload', () => {
    hangups.removeEventListener('reload', hear)
  })
  log.info('ready', {
    targets: configuration.targets.map(({ name }) => name),
    ...versionInfo(),
    spool: configuration.spool.path,
  })
  manager.notify('READY=1')
  say()
}

type DaemonLog = ReturnType<typeof createLog>

interface Live {
  readonly configuration: LiveConfiguration
  readonly targets: LiveTargets
}

function liveParts(configuration: Configuration, store: StateStore): Live {
  const targets = new LiveTargets(configuration.targets, (name) => store.running(name) !== undefined)
  return { configuration: new LiveConfiguration(configuration), targets }
}

/** Without the copy a command needs a file without a mistake, as ever: no reason not to start. */
function copyKeeper(stateDir: string, log: Log): (taken: Configuration) => void {
  return (taken) => {
    try {
      keepConfigurationCopy(taken, stateDir)
    } catch (error) {
      log.warn('no copy of the configuration could be kept', { stateDir, error: messageOf(error) })
    }
  }
}

/** The one writer of the state store, proven by a lock that dies with the process. */
async function openState({ stateDir, targets }: Configuration, closers: Closers, log: Log) {
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
  removeTemporaries(stateDir)
  await waitForOrphans(childrenLock(stateDir), ORPHANS_MS)
  const time = new TimeKeeper({ stateDir, log })
  const store = openStateStore(stateDir, time.clock)
  closers.add('the state store', () => {
    store.close()
  })
  time.weigh(targets, store.newestStampMs())
  closers.add('the clock', () => {
    time.stop()
  })
  return { store, time }
}

/** Evidence of tampering is said at each start, and stands in the way of no restore. */
function watchAudit(store: StateStore, stateDir: string, log: Log): void {
  store.onWitnessFailure((error) => {
    log.error('an audit record could not be witnessed in audit.heads; the next one brings it along', { err: error })
  })
  if (store.witnessWasMissing) {
    log.warn(
      'audit.heads was missing and was written anew from the audit table: what was cut off before cannot be told',
      {
        hint: 'compare the head with the journal: modosu audit verify --head HASH; journalctl -u modosu | grep auditHead',
      },
    )
  }
  try {
    const { broken } = verifyAudit(stateDir, store).verdict
    if (broken === null) return
    const fields = { record: broken.id, hint: 'modosu audit verify' }
    log.error(`the audit log was tampered with: ${broken.problem}`, fields)
  } catch (error) {
    log.error(messageOf(error), { err: error })
  }
}

function childrenLock(stateDir: string): string {
  return join(stateDir, 'children.lock')
}

type State = Awaited<ReturnType<typeof openState>>

type Parts = Awaited<ReturnType<typeof assemble>>

async function assemble(options: DaemonOptions, live: Live, { store, time }: State, closers: Closers, log: Log) {
  const { configuration, variables } = options
  const { stateDir, targets } = configuration
  const { clock } = time
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
  const telemetry = new PrometheusTelemetry({ targets, jobs: JOBS, source: store, disk, build, clock })
  time.start((doubt) => {
    telemetry.clockBelieved(doubt === null)
    if (doubt === null) return
    store.recordEvent('', '', { type: 'Warning', reason: 'ClockImplausible', message: `nothing is deleted: ${doubt}` })
  })
  const onArrival = (target: Target, set: BackupSet): void => {
    upkeep.current.arrived(target, set)
  }
  const backups = new BackupIndex({ database, reader: store, clock })
  const scan = (target: Target) => backups.renewed(target)
  const catalog = new CatalogObserver({ targets, database, store, telemetry, clock, log, onArrival, scan })
  closers.add('the catalog observer', () => {
    catalog.stop()
  })
  const notifier = new Renewable(() => new Notifier({ targets: live.targets.list, store, telemetry, clock, log }))
  closers.add('the notifier', () => notifier.stop())
  store.onCommit((request, change) => {
    observeCommit(telemetry, request, change)
    // First: what the observer then asks for must be listed anew.
    backups.requestCommitted(request)
    catalog.requestCommitted(request, change)
    notifier.current.wake()
    if (change.to !== undefined && isTerminal(change.to)) live.targets.released(request.spec.target)
  })
  live.targets.onChange((now) => {
    telemetry.retarget(now)
    disk.retarget(now)
    catalog.retarget(now)
    void notifier.renew()
  })
  const marks = new StateMarks(store, live.targets.byName, log)
  closers.add('the marks of the state', () => marks.settled())
  store.onCommit((request, change) => {
    marks.committed(request, change)
  })
  const reach = createFailpoints(variables['MODOSU_FAILPOINT'])
  const spoolDoor = new SpoolDoor()
  const service = createServiceOperations({ clock, baseEnvironment: baseEnvironment(variables) })
  const controller = new Controller({
    store,
    targets: live.targets.byName,
    deps: { reader: store, database, service, clock, stateDir, reach, confirmFile: (name) => spoolDoor.confirm(name) },
    clock,
    log,
    observer: observeController(telemetry),
    maxConcurrent: () => live.configuration.current.concurrency,
    onFirstStart: configuration.spool.onFirstStart,
    spoolPath: () => live.configuration.current.spool.path,
    node: () => live.configuration.current.node,
  })
  closers.add('the controller', () => controller.stop())
  const upkeepParts = { store, controller, database, catalog, telemetry, clock, time, log, reach }
  const upkeep = new Renewable(
    () => new Upkeep({ ...upkeepParts, ...live.configuration.current, targets: live.targets.list }),
  )
  closers.add('the upkeep', () => upkeep.stop())
  store.onCommit((request, change) => {
    upkeep.current.committed(request, change)
  })
  live.targets.onChange(() => void upkeep.renew())
  live.configuration.onChange(async ({ retention, schedules }, before) => {
    if (!isDeepStrictEqual([retention, schedules], [before.retention, before.schedules])) await upkeep.renew()
  })
  return { database, parser, telemetry, backups, catalog, notifier, controller, upkeep, clock, spoolDoor, disk }
}

interface Doors {
  readonly live: Live
  readonly store: StateStore
  readonly parts: Parts
  readonly closers: Closers
  readonly log: Log
  readonly reloader: Reloader
  readonly say: DaemonOptions['say']
}

/** What lets requests in and answers out, opened when everything behind it stands. */
async function openDoors({ live, store, parts, closers, log, reloader, say }: Doors): Promise<ApiContext> {
  const configuration = live.configuration.current
  const { stateDir, api, metrics } = configuration
  const { controller, telemetry, database, parser, upkeep, catalog, clock, spoolDoor, disk } = parts
  const readyz = [...readinessChecks(configuration, store)]
  live.targets.onChange((targets) => {
    readyz.splice(0, readyz.length, ...readinessChecks({ ...live.configuration.current, targets }, store))
  })
  const context: ApiContext = {
    ...apiParts({
      store,
      backups: parts.backups,
      clock,
      targets: live.targets,
      configuration: () => live.configuration.current,
      disk,
      readyz,
    }),
    commands: controller.commands,
    reader: store,
    parseManifest: (text) => parseOne(parser, text),
    verifier: createVerifier({
      targets: live.targets,
      upkeep: store.upkeep,
      records: controller.verifications,
      catalog,
      database,
      clock,
      scratchDir: join(stateDir, 'scratch'),
    }),
    prune: (order) => upkeep.current.prune(order),
    version: versionInfo(),
    reload: () => reloader.reload(),
    reportSettings: () => live.configuration.current.report,
    say,
    confirmDefault: () => live.configuration.current.api.confirmDefault,
    audit: new ApiAudit(store, clock),
    limited: (target) => {
      telemetry.rateLimited(target)
    },
    log,
  }
  const control = await startControlApi({ socketPath: api.socket, ...context })
  closers.add('the control socket', () => control.close())
  if (metrics.listen !== null) {
    const server = await startTelemetryServer({
      ...metrics.listen,
      metrics: telemetry,
      livez: [eventLoopCheck(STUCK_MS)],
      readyz,
      log,
    })
    closers.add('the metrics listener', () => server.close())
    log.info('metrics are served', { ...server.address })
  }
  const spool = new Renewable(
    () =>
      new Spool({
        ...live.configuration.current.spool,
        node: live.configuration.current.node,
        intake: controller.intake,
        parser,
        statusDir: join(stateDir, 'status'),
        clock,
        log,
        telemetry,
      }),
  )
  closers.add('the spool', () => spool.stop())
  spoolDoor.open((name) => spool.current.confirm(name))
  await spool.start()
  live.configuration.onChange(async (next, previous) => {
    const same = isDeepStrictEqual([next.spool, next.node], [previous.spool, previous.node])
    if (!same) await spool.renew()
  })
  return context
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
