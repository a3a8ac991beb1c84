/** The values of a configuration file, one by one: paths, durations, addresses; what is wrong with them is collected. */

import { resolve } from 'node:path'
import { parseDuration } from '../domain/clock.ts'
import type { Finding, PathStep } from '../manifest/problem.ts'
import type { ListenAddress } from './configuration.ts'

/** setTimeout's limit is 2^31 - 1 ms; a longer timer would fire at once. */
const LONGEST_TIMER_MS = 24 * 86_400_000
const LARGEST_PORT = 65_535

export type Path = readonly PathStep[]

export class ValueReader {
  readonly #baseDir: string
  readonly #findings: Finding[] = []

  constructor(baseDir: string) {
    this.#baseDir = baseDir
  }

  get findings(): readonly Finding[] {
    return this.#findings
  }

  refuse(at: Path, message: string, hint: string | null): void {
    this.#findings.push({ path: at, atKey: false, message, hint })
  }

  /** An absolute path; relative ones begin at the file's directory. */
  path(value: string, at: Path): string {
    if (value.startsWith('~')) this.refuse(at, '~ is not expanded', 'write the whole path')
    return resolve(this.#baseDir, value)
  }

  /** A command's program, when it is written as a path, is relative to the file too. */
  command(value: readonly string[], at: Path): readonly string[] {
    const [program = '', ...rest] = value
    if (program === '') this.refuse([...at, 0], 'the program is empty', null)
    return program.includes('/') ? [this.path(program, [...at, 0]), ...rest] : value
  }

  /** Milliseconds of an age or a window. */
  durationMs(value: string, at: Path): number {
    const durationMs = parseDuration(value) ?? 0
    if (durationMs === 0) this.refuse(at, 'must be longer than 0', 'for example: 60s')
    return durationMs
  }

  /** Milliseconds of something that a timer waits for. */
  timerMs(value: string, at: Path, options: { readonly zero?: boolean } = {}): number {
    const durationMs = parseDuration(value) ?? 0
    if (durationMs === 0 && options.zero !== true) this.refuse(at, 'must be longer than 0', 'for example: 60s')
    if (durationMs > LONGEST_TIMER_MS) this.refuse(at, 'must be 24d at most', null)
    return durationMs
  }

  /**
   * `HOST:PORT` or `[IPV6]:PORT`, whose form the schema has proven.
   *
   * @param defaultPort where the schema lets the port be left out.
   */
  listen(value: string | null | undefined, at: Path, defaultPort = 0): ListenAddress | null {
    if (value === null || value === undefined) return null
    const withPort = /:[0-9]+$/.test(value) ? value : `${value}:${defaultPort}`
    const colon = withPort.lastIndexOf(':')
    const port = Number(withPort.slice(colon + 1))
    if (port > LARGEST_PORT) this.refuse(at, `there is no port ${port}`, `ports end at ${LARGEST_PORT}`)
    return { host: withPort.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port }
  }
}
