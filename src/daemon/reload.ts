/**
 * Reading the configuration anew while the daemon runs: on SIGHUP, and when `modosu reload` asks. The file is proven as a
 * whole first; one with a mistake changes nothing and is told with line, column and cause.
 */

import { messageOf } from '../domain/errors.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { StateStore } from '../store/store.ts'
import type { ConfigurationTelemetry } from '../telemetry/telemetry.ts'
import type { ReloadReport } from '../api/protocol.ts'
import { loadConfiguration } from './config.ts'
import type { Configuration } from './configuration.ts'
import type { LiveConfiguration } from './live-configuration.ts'
import type { LiveTargets } from './live-targets.ts'
import type { ServiceManager } from './notify.ts'
import { requireSafePermissions } from './permissions.ts'

export interface ReloaderOptions {
  readonly live: LiveConfiguration
  readonly targets: LiveTargets
  readonly store: Pick<StateStore, 'recordAudit'>
  readonly manager: ServiceManager
  readonly telemetry: ConfigurationTelemetry
  readonly clock: Clock
  readonly log: Log
  readonly insecurePermissions: boolean
  /**
   * Reads what the configuration names besides (users, keys) and changes nothing yet; what it returns puts that in force and
   * never throws. Throws where the daemon would not start with it.
   */
  readonly prepare: (next: Configuration) => () => void
  /** Keeps what was taken for the commands that read. Never throws. */
  readonly keepCopy: (taken: Configuration) => void
}

export class Reloader {
  readonly #options: ReloaderOptions
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: ReloaderOptions) {
    this.#options = options
  }

  /**
   * One at a time, in the order of the calls.
   *
   * @throws RestoreError `InvalidConfiguration`, `InsecurePermissions`, `InvalidUsersFile`, `WeakKey`, `InvalidKey`: the old configuration is in force.
   */
  reload(): Promise<ReloadReport> {
    const result = this.#turn.then(() => this.#reload())
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Never rejects; for SIGHUP, whose sender hears no answer and is not known. */
  async reloadAndTell(): Promise<void> {
    const { store, log } = this.#options
    const outcome = await this.reload().then(
      () => ({ status: 'info', message: 'configuration reloaded' }) as const,
      (error: unknown) => ({ status: 'failure', message: `configuration not reloaded: ${messageOf(error)}` }) as const,
    )
    try {
      const details = { via: 'signal' }
      store.recordAudit('', '', { operation: 'reload', actor: 'SIGHUP', ...outcome, backupId: null, details })
    } catch (error) {
      log.error('a reload could not be recorded in the audit log', { err: error })
    }
  }

  async #reload(): Promise<ReloadReport> {
    const { manager, telemetry, clock, log, live } = this.#options
    // sd_notify(3): systemctl reload waits from the one to the other.
    manager.notify('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`)
    try {
      const report = await this.#take()
      telemetry.configurationReloaded({ success: true, atMs: clock.nowMs(), restartRequired: report.kept.length > 0 })
      log.info('configuration reloaded', { file: live.current.file, ...report })
      for (const key of report.kept) log.warn(`${key} keeps its value until the daemon is restarted`)
      for (const target of report.waiting) {
        log.info('a restore is running: the target takes over its new settings when it has ended', { target })
      }
      return report
    } catch (error) {
      telemetry.configurationReloaded({ success: false })
      log.error('configuration not reloaded, the old one stays in force', {
        file: live.current.file,
        error: messageOf(error),
      })
      throw error
    } finally {
      manager.notify('READY=1')
    }
  }

  async #take(): Promise<ReloadReport> {
    const { live, targets, insecurePermissions } = this.#options
    const next = loadConfiguration(live.current.file)
    if (!insecurePermissions) requireSafePermissions(next)
    const putInForce = this.#options.prepare(next)
    this.#options.keepCopy(next)
    // Before the spool is read anew, which may hold requests for a target that is new.
    const { changed, waiting } = targets.replace(next.targets)
    const kept = await live.replace(next)
    putInForce()
    return { kept, targets: changed, waiting }
  }
}
