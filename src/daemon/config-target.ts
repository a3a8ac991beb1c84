/** One target of the configuration file, resolved. */

import { basename, extname } from 'node:path'
import type { CommandSpec, LoginProbe, ServiceSpec, SmokeQuery, Target } from '../domain/target.ts'
import { isTimeZone } from '../domain/time-zone.ts'
import { placeOf } from './canonical-path.ts'
import { checkUrl, refuseInTheClear } from './config-url.ts'
import type { Path, ValueReader } from './config-values.ts'

const LONGEST_PROBE_MS = 60_000

interface RawHook {
  readonly name?: string
  readonly command: readonly string[]
  readonly timeout: string
}

interface RawService {
  readonly unit?: string
  readonly command?: {
    readonly stop: readonly string[]
    readonly start: readonly string[]
    readonly status?: readonly string[]
  }
  readonly stopTimeout: string
  readonly startTimeout: string
}

export interface RawTarget {
  readonly name: string
  readonly database: string
  readonly backups: {
    readonly path: string
    readonly stem?: string
    readonly timezone: string
    readonly catalogTable?: string | null
    readonly auditTable?: string | null
    readonly auditUser?: string | null
  }
  readonly extracts?: { readonly path: string }
  readonly dryRun?: { readonly samples: 'none' | 'keys' | 'values' }
  readonly approval?: { readonly required: number }
  readonly checklist: 'offer' | 'require'
  readonly service?: RawService | null
  readonly healthCheck?: { readonly url: string; readonly timeout: string; readonly insecureSkipVerify: boolean } | null
  readonly loginProbe?: (Omit<LoginProbe, 'timeoutMs'> & { readonly timeout: string }) | null
  readonly smokeQueries: readonly SmokeQuery[]
  readonly hooks: {
    readonly preRestore: readonly RawHook[]
    readonly postRestore: readonly RawHook[]
    readonly onFailure: readonly RawHook[]
  }
  readonly verification: Omit<Target['verification'], 'checkTimeoutMs'> & { readonly checkTimeout?: string | null }
  readonly rateLimit: { readonly restores: number; readonly window: string }
  readonly rto: string
  readonly notifications: readonly { readonly url: string; readonly secretFile?: string; readonly timeout: string }[]
}

function resolveService(raw: RawService, at: Path, values: ValueReader): ServiceSpec {
  const { unit, command } = raw
  if (unit !== undefined && command !== undefined) {
    values.refuse([...at, 'command'], 'unit and command exclude each other', 'keep one of them')
  }
  if (unit === undefined && command === undefined) {
    values.refuse(at, 'neither unit nor command is given', 'give one, or leave service out')
  }
  const argv = (value: readonly string[], key: string): readonly string[] =>
    values.command(value, [...at, 'command', key])
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(command === undefined
      ? {}
      : {
          command: {
            stop: argv(command.stop, 'stop'),
            start: argv(command.start, 'start'),
            ...(command.status === undefined ? {} : { status: argv(command.status, 'status') }),
          },
        }),
    stopTimeoutMs: values.timerMs(raw.stopTimeout, [...at, 'stopTimeout']),
    startTimeoutMs: values.timerMs(raw.startTimeout, [...at, 'startTimeout']),
  }
}

function resolveHooks(hooks: readonly RawHook[], at: Path, values: ValueReader): readonly CommandSpec[] {
  return hooks.map((hook, index) => ({
    name: hook.name ?? basename(hook.command[0] ?? ''),
    command: values.command(hook.command, [...at, index, 'command']),
    timeoutMs: values.timerMs(hook.timeout, [...at, index, 'timeout']),
  }))
}

function resolveHealthCheck(raw: RawTarget['healthCheck'], at: Path, values: ValueReader): Target['healthCheck'] {
  if (raw === null || raw === undefined) return null
  checkUrl(raw.url, [...at, 'url'], values)
  return {
    url: raw.url,
    timeoutMs: values.timerMs(raw.timeout, [...at, 'timeout']),
    insecureSkipVerify: raw.insecureSkipVerify,
  }
}

function resolveLoginProbe(raw: RawTarget['loginProbe'], at: Path, values: ValueReader): LoginProbe | null {
  if (raw === null || raw === undefined) return null
  const { timeout, ...rest } = raw
  checkUrl(raw.url, [...at, 'url'], values)
  refuseInTheClear(raw.url, [...at, 'url'], values)
  const timeoutMs = values.timerMs(timeout, [...at, 'timeout'])
  if (timeoutMs > LONGEST_PROBE_MS) {
    values.refuse([...at, 'timeout'], 'must be 60s at most', 'the restore does not end before the probe has')
  }
  return { ...rest, passwordFile: values.path(raw.passwordFile, [...at, 'passwordFile']), timeoutMs }
}

function resolveNotifications(raw: RawTarget['notifications'], at: Path, values: ValueReader): Target['notifications'] {
  return raw.map(({ url, secretFile, timeout }, index) => {
    const place = [...at, index]
    checkUrl(url, [...place, 'url'], values)
    return {
      url,
      secretFile: secretFile === undefined ? null : values.path(secretFile, [...place, 'secretFile']),
      timeoutMs: values.timerMs(timeout, [...place, 'timeout']),
    }
  })
}

function timeZone(zone: string, at: Path, values: ValueReader): string {
  if (!isTimeZone(zone)) values.refuse(at, `${JSON.stringify(zone)} is no time zone`, 'for example: Asia/Tokyo')
  return zone
}

/** Resolves one target; what is wrong with its values goes to `values`. */
export function resolveTarget(raw: RawTarget, at: Path, values: ValueReader): Target {
  const database = values.path(raw.database, [...at, 'database'])
  const { approval, backups, dryRun, extracts, service, verification, hooks } = raw
  const { checkTimeout, ...checks } = verification
  const loginProbe = resolveLoginProbe(raw.loginProbe, [...at, 'loginProbe'], values)
  const hookPlace = (kind: keyof RawTarget['hooks']): Path => [...at, 'hooks', kind]
  return {
    name: raw.name,
    database,
    backups: {
      path: values.path(backups.path, [...at, 'backups', 'path']),
      stem: backups.stem ?? basename(database, extname(database)),
      timezone: timeZone(backups.timezone, [...at, 'backups', 'timezone'], values),
      catalogTable: backups.catalogTable ?? null,
      auditTable: backups.auditTable ?? null,
      auditUser: backups.auditUser ?? null,
    },
    ...(extracts === undefined ? {} : { extracts: { path: values.path(extracts.path, [...at, 'extracts', 'path']) } }),
    ...(dryRun === undefined || dryRun.samples === 'keys' ? {} : { dryRun: { samples: dryRun.samples } }),
    ...(approval === undefined || approval.required === 0 ? {} : { approval }),
    ...(raw.checklist === 'require' ? { checklist: raw.checklist } : {}),
    service: service === null || service === undefined ? null : resolveService(service, [...at, 'service'], values),
    healthCheck: resolveHealthCheck(raw.healthCheck, [...at, 'healthCheck'], values),
    ...(loginProbe === null ? {} : { loginProbe }),
    smokeQueries: raw.smokeQueries,
    hooks: {
      preRestore: resolveHooks(hooks.preRestore, hookPlace('preRestore'), values),
      postRestore: resolveHooks(hooks.postRestore, hookPlace('postRestore'), values),
      onFailure: resolveHooks(hooks.onFailure, hookPlace('onFailure'), values),
    },
    verification: {
      ...checks,
      checkTimeoutMs:
        checkTimeout === null || checkTimeout === undefined
          ? null
          : values.timerMs(checkTimeout, [...at, 'verification', 'checkTimeout']),
    },
    rateLimit: {
      restores: raw.rateLimit.restores,
      windowMs: values.durationMs(raw.rateLimit.window, [...at, 'rateLimit', 'window']),
    },
    rtoMs: values.durationMs(raw.rto, [...at, 'rto']),
    notifications: resolveNotifications(raw.notifications, [...at, 'notifications'], values),
  }
}

/** Says of each target which others keep their safety backups in the same directory. */
export function withSharing(targets: readonly Target[]): readonly Target[] {
  const places = targets.map(({ backups }) => placeOf(backups.path))
  return targets.map((target, index) => {
    const others = targets.filter((other, at) => other.name !== target.name && places[at] === places[index])
    if (others.length === 0) return target
    return { ...target, backups: { ...target.backups, sharedWith: others.map(({ name }) => name) } }
  })
}
