/** Programs that a test uses where they are installed. */

import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

/** For the option `skip` of a test: false, or the reason. */
export function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined)
  return absent.length === 0 ? false : `not installed: ${absent.join(', ')}`
}

export interface Ran {
  readonly code: number
  readonly output: string
}

/** Runs a program to its end, with the text on its standard input. */
export async function run(program: string, args: readonly string[], cwd: string, input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), output: stdout + stderr })
    })
    child.stdin?.end(input)
  })
}

/** A program that runs until the tests of the file have ended. */
export function serve(program: string, args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(program, [...args], { cwd, stdio: 'ignore' })
  after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child
}

/** The first answer that is wanted, asked for again until it comes. */
export async function eventually<T>(ask: () => Promise<T | undefined>, deadlineMs = 60_000): Promise<T> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${ask.toString()}`)
    await sleep(200)
  }
}
