/** An installation that a test breaks, and the doctor that looks at it. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import type { Finding } from '../../src/cli/doctor/finding.ts'
import type { Environment } from '../../src/cli/environment.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import { Installation } from '../support/installation.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
export const ROOT = process.getuid?.() === 0 ? false : 'takes root'
export const NOBODY = 65_534

/** PID 1 of a test machine need not be systemd: a file for each unit that runs or is masked; test/systemd has the real one. */
const SYSTEMCTL = `
verb=$1; for unit; do :; done
case "$verb" in
  is-system-running) echo running;;
  unmask) rm -f "$DIR/$unit.masked";;
  start|restart) if test -e "$DIR/$unit.masked"; then echo "Unit $unit is masked." >&2; exit 1; fi; touch "$DIR/$unit.active";;
  reset-failed) rm -f "$DIR/$unit.failed";;
  stop) rm -f "$DIR/$unit.active";;
  is-active) if test -e "$DIR/$unit.active"; then echo active; else echo inactive; exit 3; fi;;
  show)
    if test "$unit" = modosu.service; then echo "LoadState=not-found"; echo "ActiveState=inactive"; exit 0; fi
    if test -e "$DIR/$unit.masked"; then echo "LoadState=masked"; else echo "LoadState=loaded"; fi
    if test -e "$DIR/$unit.active"; then echo "ActiveState=active"; else echo "ActiveState=inactive"; fi
    echo "User=$(cat "$DIR/$unit.user" 2>/dev/null)"; echo "MainPID=0"; echo "Result=success";;
esac`
const JOURNALCTL = 'cat "$DIR/journal" 2>/dev/null; exit 0'

export interface Diagnosis {
  readonly status: number | null
  readonly likelyCause: Finding | null
  readonly findings: readonly Finding[]
  readonly checks: readonly { check: string; target: string | null; result: string; looked: string }[]
}

export class BrokenInstallation {
  readonly place: Installation
  readonly bin: string

  constructor(options: ConstructorParameters<typeof Installation>[0] = {}) {
    this.place = new Installation({ live: { rows: 50 }, target: { service: { unit: 'app.service' } }, ...options })
    this.bin = join(this.place.folder, 'bin')
    mkdirSync(this.bin)
    for (const [name, body] of [
      ['systemctl', SYSTEMCTL],
      ['journalctl', JOURNALCTL],
    ] as const) {
      writeFileSync(join(this.bin, name), `#!/bin/sh\nDIR='${this.bin}'\n${body}\n`, { mode: 0o755 })
    }
    writeFileSync(join(this.bin, 'modosu'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, { mode: 0o755 })
    writeFileSync(join(this.bin, 'app.service.active'), '')
  }

  get variables(): Record<string, string> {
    return { PATH: `${this.bin}:${process.env['PATH'] ?? ''}`, MODOSU_CONFIG: this.place.configFile }
  }

  start(prefix: readonly string[] = []) {
    return this.place.start(prefix, this.variables)
  }

  /** Runs the doctor in this process. */
  async doctor(words: readonly string[] = [], language: Environment['language'] = 'en') {
    const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const told = Promise.all([text(stdout), text(stderr)])
    const status = await runCommandLine(
      ['doctor', ...words],
      { stdin: stdin as unknown as NodeJS.ReadStream, stdout, stderr },
      {
        language,
        configPath: this.place.configFile,
        configChosen: true,
        noColor: true,
        dumbTerminal: false,
        debug: false,
        login: 'ops-oncall',
        temporaryDirectory: tmpdir(),
        variables: this.variables,
      },
    )
    stdout.end()
    stderr.end()
    const [out, err] = await told
    return { status, stdout: out, stderr: err }
  }

  async diagnose(...words: readonly string[]): Promise<Diagnosis> {
    return toDiagnosis(await this.doctor([...words, '-o', 'json']))
  }

  /** Runs the doctor as a program, under another one or as another user. */
  diagnoseAs(prefix: readonly string[], uid?: number): Diagnosis {
    const [program, ...rest] = [...prefix, process.execPath, MAIN, 'doctor', '--quick', '-o', 'json']
    const as = uid === undefined ? {} : { uid, gid: uid }
    return toDiagnosis(spawnSync(program, rest, { encoding: 'utf8', env: this.variables, ...as }))
  }

  /** Types what the doctor says. */
  mend({ likelyCause }: Diagnosis): void {
    const words = ['-c', likelyCause?.command ?? 'false']
    const { status, stdout, stderr } = spawnSync('sh', words, { encoding: 'utf8', env: this.variables, input: '' })
    assert.equal(status, 0, `${likelyCause?.command}\n${stdout}${stderr}`)
  }

  async mustBeWell(...words: readonly string[]): Promise<void> {
    const { findings, status } = await this.diagnose(...words)
    const wrong = findings.filter(({ severity }) => severity !== 'note')
    assert.deepEqual(wrong, [])
    assert.equal(status, 0)
  }
}

function toDiagnosis({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }): Diagnosis {
  assert.ok(stdout.startsWith('{'), `${stdout}${stderr}`)
  return { ...(JSON.parse(stdout) as Diagnosis), status }
}

export function cause(diagnosis: Diagnosis): string {
  const { likelyCause } = diagnosis
  return likelyCause === null ? 'none' : `${likelyCause.severity} ${likelyCause.cause}: ${likelyCause.message}`
}

/** The command as a script types it: nobody is there to be asked. */
export function yes(diagnosis: Diagnosis): Diagnosis {
  const { likelyCause } = diagnosis
  return { ...diagnosis, likelyCause: likelyCause && { ...likelyCause, command: `${likelyCause.command} --yes` } }
}
