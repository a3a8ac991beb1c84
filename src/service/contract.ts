/** What the controller needs of the application around a database: its unit, its hooks, its health. */

import type { CommandSpec, Target } from '../domain/target.ts'

export type ServiceState = 'active' | 'inactive' | 'unknown'

export interface ApplicationLook {
  /** null: nobody can be asked. */
  readonly running: boolean | null
  readonly text: string
}

/** `in`: the application has accepted the login. `refused`: it has answered otherwise. `unknown`: it was not, or could not be asked. */
export interface LoginFinding {
  readonly verdict: 'in' | 'refused' | 'unknown'
  /** Without a secret. */
  readonly text: string
}

export interface HookContext {
  /** Passed to hooks as MODOSU_* environment variables; no secrets. Other names are not passed. */
  readonly environment: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * Every call resolves when the thing is done, or rejects with a RestoreError: `ServiceStopFailed`, `ServiceNotGated`,
 * `ServiceStartFailed`, `HookFailed`, `HealthCheckFailed`, or `Interrupted` when the signal is raised. Each is
 * idempotent: stopping a stopped unit succeeds.
 */
export interface ServiceOperations {
  /** Never rejects: what cannot be found out is `unknown`. */
  state(target: Target): Promise<ServiceState>
  /**
   * The active units that would start the service again (sockets, paths, timers). Changes nothing.
   *
   * To be persisted before `stop`: a unit that was stopped by a daemon that died right after is not active any more, so
   * that no later look can tell that it is to be started again.
   */
  triggers(target: Target, signal?: AbortSignal): Promise<readonly string[]>
  /**
   * Keeps the service from starting, stops its triggers, then the service, and waits until it is down. From then on nobody
   * can start it but `start`, where that can be had (a systemd unit); see `release`.
   *
   * @returns the triggers that this very call stopped; after a crash the persisted ones are the truth.
   */
  stop(target: Target, signal?: AbortSignal): Promise<{ readonly stopped: readonly string[] }>
  /** Lets the service start again without starting it. Does nothing where nothing keeps it from starting. */
  release(target: Target): Promise<void>
  /** The command by which a person lets the service start again; null where nothing keeps it from starting. */
  releaseCommand(target: Target): string | null
  /**
   * Lets the service start again, starts it and what was stopped with it, and waits until it says that it runs.
   *
   * @param stopped what `triggers` said before the stop.
   */
  start(target: Target, stopped: readonly string[], signal?: AbortSignal): Promise<void>
  /**
   * Why the service could not be started once it was stopped (its unit is masked, or has no file); null where nothing is known
   * against it. Never rejects.
   */
  unstartable(target: Target): Promise<string | null>
  /**
   * Ends processes that the service's stop has left behind, first by SIGTERM, after a while by SIGKILL, where all of them
   * belong to the service. Never rejects.
   *
   * @returns why they were left alone; null where they were told to end.
   */
  endRemaining(target: Target, pids: readonly number[]): Promise<string | null>
  /**
   * Polls until the answer is 2xx, the time is up, or the application has given up (its unit has failed, its status command
   * says "stopped"). Without a configured check it resolves at once, with 0 attempts.
   */
  waitHealthy(target: Target, signal?: AbortSignal): Promise<{ readonly attempts: number; readonly tookMs: number }>
  /** One look: by the health check where there is one, else by the unit or the status command. Never rejects. */
  look(target: Target): Promise<ApplicationLook>
  /**
   * Logs in once, as the target's `loginProbe` says, within its time. Changes nothing of what is known of the application, and
   * never rejects: what kept it from knowing is its text. The target must have one.
   */
  probeLogin(target: Target): Promise<LoginFinding>
  /** What a person does to bring an application up that is down; lower case, no full stop. */
  startHint(target: Target): string
  runHook(hook: CommandSpec, context: HookContext): Promise<void>
}
