/** From the file's own words to the Configuration: absolute paths, milliseconds, nulls for what is left out. */

import { hostname } from 'node:os'
import type { Configuration } from './configuration.ts'
import { resolveApi, resolveAuth, type RawApi, type RawAuth } from './config-api.ts'
import { resolveTarget, withSharing, type RawTarget } from './config-target.ts'
import { checkUrl } from './config-url.ts'
import { ValueReader } from './config-values.ts'
import type { ReportSettings } from '../domain/papers/settings.ts'
import { isTimeZone } from '../domain/time-zone.ts'
import type { Finding } from '../manifest/problem.ts'

/** The file as its schema has proven it, defaults filled in. */
export interface RawConfiguration {
  readonly stateDir: string
  readonly node: { readonly name?: string; readonly labels: Readonly<Record<string, string>> }
  readonly spool: {
    readonly path: string
    readonly settle: string
    readonly resync: string
    readonly deleteGrace: string
    readonly onFirstStart: 'Hold' | 'Run'
  }
  readonly metrics: { readonly listen: string | null }
  readonly api: RawApi
  readonly auth: RawAuth
  readonly targets: readonly RawTarget[]
  readonly retention: {
    readonly safetyBackups: {
      readonly enabled: boolean
      readonly minAge: string
      readonly maxAge: string
      readonly keepLast: number
      readonly minFreeBytes?: number
    }
    readonly displacedOriginals: { readonly enabled: boolean; readonly maxAge: string }
    readonly brokenFiles: { readonly enabled: boolean; readonly maxAge: string }
    readonly preSqlDumpFiles: { readonly enabled: boolean; readonly maxAge: string }
    readonly backups: {
      readonly enabled: boolean
      readonly daily: string
      readonly weekly: string
      readonly monthly: string
    }
  }
  readonly schedules: Omit<Configuration['schedules'], 'verifyBytesPerSecond'> & {
    readonly verifyMegabytesPerSecond: number | null
  }
  readonly logging: Configuration['logging']
  readonly report: Omit<ReportSettings, 'timezone'> & { readonly timezone?: string | null }
  readonly concurrency: number
  readonly language?: Configuration['language']
}

function resolveSpool(raw: RawConfiguration['spool'], values: ValueReader): Configuration['spool'] {
  return {
    path: values.path(raw.path, ['spool', 'path']),
    settleMs: values.timerMs(raw.settle, ['spool', 'settle'], { zero: true }),
    resyncMs: values.timerMs(raw.resync, ['spool', 'resync']),
    deleteGraceMs: values.timerMs(raw.deleteGrace, ['spool', 'deleteGrace'], { zero: true }),
    onFirstStart: raw.onFirstStart,
  }
}

function resolveRetention(raw: RawConfiguration['retention'], values: ValueReader): Configuration['retention'] {
  const { safetyBackups, displacedOriginals, brokenFiles, preSqlDumpFiles, backups } = raw
  const age = (value: string, ...at: readonly string[]): number => values.durationMs(value, ['retention', ...at])
  return {
    safetyBackups: {
      enabled: safetyBackups.enabled,
      minAgeMs: age(safetyBackups.minAge, 'safetyBackups', 'minAge'),
      maxAgeMs: age(safetyBackups.maxAge, 'safetyBackups', 'maxAge'),
      keepLast: safetyBackups.keepLast,
      minFreeBytes: safetyBackups.minFreeBytes ?? null,
    },
    displacedOriginals: {
      enabled: displacedOriginals.enabled,
      maxAgeMs: age(displacedOriginals.maxAge, 'displacedOriginals', 'maxAge'),
    },
    brokenFiles: { enabled: brokenFiles.enabled, maxAgeMs: age(brokenFiles.maxAge, 'brokenFiles', 'maxAge') },
    preSqlDumpFiles: {
      enabled: preSqlDumpFiles.enabled,
      maxAgeMs: age(preSqlDumpFiles.maxAge, 'preSqlDumpFiles', 'maxAge'),
    },
    backups: {
      enabled: backups.enabled,
      dailyMs: age(backups.daily, 'backups', 'daily'),
      weeklyMs: age(backups.weekly, 'backups', 'weekly'),
      monthlyMs: age(backups.monthly, 'backups', 'monthly'),
    },
  }
}

function resolveSchedules({ verifyMegabytesPerSecond: rate, ...raw }: RawConfiguration['schedules']) {
  return { ...raw, verifyBytesPerSecond: rate === null ? null : rate * 1_000_000 }
}

function resolveReport(raw: RawConfiguration['report'], values: ValueReader): ReportSettings {
  raw.links.forEach(({ url }, index) => {
    checkUrl(url, ['report', 'links', index, 'url'], values)
  })
  const timezone = raw.timezone ?? null
  if (timezone !== null && !isTimeZone(timezone)) {
    values.refuse(['report', 'timezone'], `${JSON.stringify(timezone)} is no time zone`, 'for example: Asia/Tokyo')
  }
  return { links: raw.links, contacts: raw.contacts, timezone }
}

/**
 * Resolves a proven file.
 *
 * @param file absolute.
 * @param baseDir where relative paths begin.
 * @returns the configuration, and what is wrong with its values; it is not to be used where that is not empty.
 */
export function resolveConfiguration(
  raw: RawConfiguration,
  file: string,
  baseDir: string,
): { readonly configuration: Configuration; readonly findings: readonly Finding[] } {
  const values = new ValueReader(baseDir)
  const stateDir = values.path(raw.stateDir, ['stateDir'])
  const configuration: Configuration = {
    file,
    stateDir,
    node: { name: raw.node.name ?? hostname(), labels: raw.node.labels },
    spool: resolveSpool(raw.spool, values),
    metrics: { listen: values.listen(raw.metrics.listen, ['metrics', 'listen']) },
    api: resolveApi(raw.api, stateDir, values),
    auth: resolveAuth(
      raw.auth,
      raw.targets.map(({ name }) => name),
      values,
    ),
    targets: withSharing(raw.targets.map((target, index) => resolveTarget(target, ['targets', index], values))),
    retention: resolveRetention(raw.retention, values),
    schedules: resolveSchedules(raw.schedules),
    logging: raw.logging,
    report: resolveReport(raw.report, values),
    concurrency: raw.concurrency,
    language: raw.language ?? null,
  }
  return { configuration, findings: values.findings }
}
