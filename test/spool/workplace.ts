/** A spool directory with a running spool on it, whose time the test moves forward by hand. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import type { ManifestParser } from '../../src/manifest/parser.ts'
import { Spool } from '../../src/spool/spool.ts'
import type { LookForWriters } from '../../src/spool/writers.ts'
import { RecordedIntake } from './recorded-intake.ts'

export const GRACE_MS = 10_000
const SETTLE_MS = 500
const HOUR_MS = 3_600_000

export interface Report {
  readonly file: string
  readonly rejectedAt: string
  readonly whatToDo: string
  readonly problems: readonly {
    readonly file: string
    readonly line: number | null
    readonly column: number | null
    readonly path: string
    readonly message: string
    readonly hint: string | null
    readonly document: number | null
  }[]
}

/** A valid request as YAML. */
export function request(name: string, backupId = 'BKP-20260215-020015-daily'): string {
  return [
    'apiVersion: modosu.dev/v1',
    'kind: RestoreRequest',
    'metadata:',
    `  name: ${name}`,
    'spec:',
    '  target: app',
    '  source:',
    `    backupId: ${backupId}`,
    '  confirm: true',
    '',
  ].join('\n')
}

export class SpoolWorkplace {
  readonly root = mkdtempSync(join(tmpdir(), 'modosu-spool-'))
  readonly path = join(this.root, 'spool')
  readonly statusDir = join(this.root, 'status')
  readonly intake = new RecordedIntake()
  readonly said: string[] = []
  /** How far the clock is ahead of the files' times: by far more than the settling takes, so that every file is quiet. */
  aheadMs = HOUR_MS
  elapsedMs = 0
  readonly spool: Spool

  constructor(parser: Pick<ManifestParser, 'parse'>, lookForWriters?: LookForWriters) {
    mkdirSync(this.path)
    const say = (message: string): void => {
      this.said.push(message)
    }
    this.spool = new Spool({
      path: this.path,
      node: { name: 'web-1', labels: { environment: 'production', rack: 'a' } },
      settleMs: SETTLE_MS,
      resyncMs: 24 * HOUR_MS,
      deleteGraceMs: GRACE_MS,
      intake: this.intake,
      parser,
      statusDir: this.statusDir,
      clock: { nowMs: () => Date.now() + this.aheadMs },
      log: { info: say, warn: say, error: say },
      elapsedMs: () => this.elapsedMs,
      ...(lookForWriters === undefined ? {} : { lookForWriters }),
    })
  }

  put(name: string, text: string | Uint8Array): void {
    writeFileSync(join(this.path, name), text)
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true })
  }

  /** Lets time pass and has everything looked at. */
  async afterMs(elapsedMs: number): Promise<void> {
    this.elapsedMs += elapsedMs
    await this.spool.rescan()
  }

  reportNames(): string[] {
    try {
      return readdirSync(join(this.statusDir, '_rejected')).sort()
    } catch {
      return []
    }
  }

  report(name: string): Report {
    return parse(readFileSync(join(this.statusDir, '_rejected', name), 'utf8')) as Report
  }

  /** Waits for what events bring about, without a scan. */
  async until(condition: () => boolean): Promise<void> {
    for (let tries = 0; tries < 1000; tries += 1) {
      if (condition()) return
      await sleep(20)
    }
    throw new Error('it never came about')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.spool.stop()
    rmSync(this.root, { recursive: true, force: true })
  }
}
