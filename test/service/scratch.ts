/** Temporary folders, scripts and targets for tests of real commands. */

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceSpec, Target } from '../../src/domain/target.ts'

export class Scratch {
  readonly path: string
  readonly #pids: string[] = []

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'modosu-service-'))
    after(() => {
      for (const file of this.#pids) if (existsSync(file)) endProcess(Number(readFileSync(file, 'utf8')))
      rmSync(this.path, { recursive: true, force: true })
    })
  }

  /** The absolute path of a name in the folder. */
  at(name: string): string {
    return join(this.path, name)
  }

  /** Writes an executable shell script; `$DIR` in it is the folder. */
  script(name: string, body: string): string {
    const path = this.at(name)
    writeFileSync(path, `#!/bin/sh\nDIR='${this.path}'\n${body}\n`)
    chmodSync(path, 0o755)
    return path
  }

  read(name: string): string {
    return existsSync(this.at(name)) ? readFileSync(this.at(name), 'utf8') : ''
  }

  /** A file in which a script leaves the pid of a process that it leaves behind; the process is ended after the test. */
  pidFile(name: string): string {
    const path = this.at(name)
    this.#pids.push(path)
    return path
  }

  get baseEnvironment(): Record<string, string> {
    return { PATH: `${this.path}:/usr/bin:/bin`, LANG: 'C.UTF-8', HOME: this.path }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // an ended process that nobody has waited for still answers to signal 0
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits for what another process does; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10)
}

/** A target of which only the service and the health check matter. */
export function targetWith(service: ServiceSpec | null, healthCheck: Target['healthCheck'] = null): Target {
  return {
    name: 'itsm-nexus',
    database: '/nowhere/itsm_nexus.db',
    backups: { path: '/nowhere/backups', stem: 'itsm_nexus', timezone: 'UTC', catalogTable: null, auditTable: null },
    service,
    healthCheck,
    smokeQueries: [],
    hooks: { preRestore: [], postRestore: [], onFailure: [] },
    verification: {
      afterSwap: 'full',
      requireChecksum: false,
      foreignKeys: 'warn',
      checkTimeoutMs: null,
      allowUnverifiable: false,
    },
    rateLimit: { restores: 3, windowMs: 3_600_000 },
    rtoMs: 900_000,
    notifications: [],
  }
}

function endProcess(pid: number): void {
  try {
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended by itself
  }
}
