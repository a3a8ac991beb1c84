/** Runs one command of the configuration: an argument list, no shell, in a session of its own, bounded in time. */

import { spawn, type ChildProcess } from 'node:child_process'
import { messageOf } from '../domain/errors.ts'
import { inWords, isExpired } from './deadline.ts'
import { createOutputFile, type OutputFile } from './output-file.ts'

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2000
/** A process in an uninterruptible wait does not even die of SIGKILL: nobody waits longer. */
const KILL_WAIT_MS = 5000

export interface CommandEnvironment {
  /** The whole environment of the command. */
  readonly environment: Readonly<Record<string, string>>
  /** Where the output file is made. */
  readonly scratchDir: string
}

export interface CommandResult {
  /** null where it did not end by itself. */
  readonly status: number | null
  /** The deadline passed first, and the command was ended. */
  readonly cutShort: boolean
  /** `exit status 3`, `was killed by SIGSEGV`, `did not end within 60 s`, `cannot be run: …`. */
  readonly ending: string
  /** The last 4 KB of stdout and stderr, in the order in which they were written. */
  readonly output: string
}

/**
 * Runs a command to its end. Never throws; the caller looks at `status`.
 *
 * The command has ended when its own process has, whoever still holds its output: what a start command leaves behind goes
 * on, and outlives the daemon too. When the deadline passes, the command's process group is ended with it.
 *
 * @param argv program and arguments; the program is looked for on the environment's PATH.
 * @param timeoutMs for the text only; the deadline counts.
 */
export async function runCommand(
  argv: readonly string[],
  { environment, scratchDir }: CommandEnvironment,
  timeoutMs: number,
  deadline: AbortSignal,
): Promise<CommandResult> {
  if (deadline.aborted) return { status: null, cutShort: true, ending: cutShortText(timeoutMs, deadline), output: '' }
  let output: OutputFile | undefined
  try {
    output = await createOutputFile(scratchDir)
    const [program = '', ...rest] = argv
    // cwd: a process that is left behind must not pin the daemon's own directory
    const child = spawn(program, rest, {
      cwd: '/',
      env: { ...environment },
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    })
    const end = await endOf(child, deadline)
    const ending = end.cutShort ? cutShortText(timeoutMs, deadline) : endingText(end)
    const status = end.cutShort ? null : end.status
    return { status, cutShort: end.cutShort, ending, output: await output.tail() }
  } catch (error) {
    return { status: null, cutShort: false, ending: `cannot be run: ${messageOf(error)}`, output: '' }
  } finally {
    await output?.close()
  }
}

/** `NAME: ENDING: OUTPUT`, for the message of an error. */
export function failureText(what: string, result: CommandResult): string {
  return [`${what}: ${result.ending}`, ...(result.output === '' ? [] : [result.output])].join(': ')
}

/** `WHAT; its last line: LINE`: the one that most often says why. */
export function withLastLine(what: string, output: string): string {
  const line = output.trim().split('\n').at(-1) ?? ''
  return line === '' ? what : `${what}; its last line: ${line}`
}

interface End {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  /** We have ended it: whatever it says then, it did not do its work. */
  readonly cutShort: boolean
}

/** Resolves on 'exit', never on 'close': a descendant may keep the output open for ever. Rejects where it cannot be started. */
function endOf(child: ChildProcess, deadline: AbortSignal): Promise<End> {
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = []
    const terminate = (): void => {
      signalGroup(child, 'SIGTERM')
      timers.push(setTimeout(kill, GRACE_MS))
    }
    const kill = (): void => {
      signalGroup(child, 'SIGKILL')
      timers.push(setTimeout(settle, KILL_WAIT_MS, null, 'SIGKILL'))
    }
    const settle = (status: number | null, signal: NodeJS.Signals | null): void => {
      timers.forEach(clearTimeout)
      deadline.removeEventListener('abort', terminate)
      // the members of an ended command's group that have not heeded SIGTERM
      if (timers.length > 0) signalGroup(child, 'SIGKILL')
      resolve({ status, signal, cutShort: timers.length > 0 })
    }
    child.once('exit', settle)
    child.once('error', (error) => {
      if (child.pid === undefined) reject(error)
    })
    deadline.addEventListener('abort', terminate, { once: true })
    // Raised while the output file was made: an event that is over tells no new listener.
    if (deadline.aborted) terminate()
  })
}

/** The command is the leader of a group of its own: `detached` made it so. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // nobody of it is left, or it runs as somebody else by now
  }
}

function cutShortText(timeoutMs: number, deadline: AbortSignal): string {
  return isExpired(deadline) ? `did not end within ${inWords(timeoutMs)}` : 'was interrupted'
}

function endingText({ status, signal }: End): string {
  return signal === null ? `exit status ${status ?? 'unknown'}` : `was killed by ${signal}`
}
