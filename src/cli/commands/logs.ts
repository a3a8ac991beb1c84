/** `modosu logs`: what the daemon wrote about one request, out of the journal or a file with its log lines. */

import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

import type { Command } from 'commander'

import { messageOf, RestoreError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { printable } from '../printable.ts'
import { plainName } from '../reference.ts'

interface LogsOptions {
  readonly file?: string
  readonly unit: string
  readonly follow?: boolean
  readonly output: 'text' | 'json'
}

export function addLogsCommand(program: Command, context: CliContext): void {
  program
    .command('logs')
    .summary('what the daemon logged about a request')
    .description(
      'Prints the lines of the daemon’s log that are about a request: from the journal of its unit, or from a file or the ' +
        'standard input with the JSON lines that the daemon prints where systemd does not run it.',
    )
    .argument('<request>', 'its name')
    .option('--file <file>', 'a file with the daemon’s log; - for the standard input')
    .option('--unit <unit>', 'the daemon’s unit', 'modosu.service')
    .option('-f, --follow', 'go on printing new lines of the journal')
    .option('-o, --output <format>', 'text, or json: the lines as they are', logFormat, 'text')
    .addHelpText(
      'after',
      examples(
        { command: 'logs inc-4711', tells: 'from the journal; journalctl may ask for a group' },
        { command: 'logs inc-4711 --file daemon.log', tells: 'of a daemon that systemd does not run' },
        { command: 'logs inc-4711 -o json', tells: 'for jq' },
      ),
    )
    .action(async (name: string, options: LogsOptions) => {
      await logs(context, plainName(name), options)
    })
}

function logFormat(text: string): LogsOptions['output'] {
  if (text === 'text' || text === 'json') return text
  throw new RestoreError(`not a format of logs: ${text}`, { reason: 'UsageError', hint: '-o text, or -o json' })
}

async function logs(context: CliContext, name: string, options: LogsOptions): Promise<void> {
  const { output } = context
  const source = open(context, options)
  const lines = createInterface({ input: source.lines, crlfDelay: Infinity })
  output.gone.addEventListener('abort', () => {
    lines.close()
  })
  let shown = 0
  let failure: string | null = null
  try {
    for await (const line of lines) {
      const entry = entryOf(line)
      if (entry?.['request'] !== name) continue
      shown += 1
      output.line(options.output === 'json' ? line : textOf(entry))
    }
  } catch (error) {
    failure = messageOf(error)
  }
  failure ??= await source.ended
  if (failure !== null) {
    throw new RestoreError(`the log cannot be read: ${failure}`, {
      reason: 'FileUnreadable',
      hint: `name the daemon's log: modosu logs ${name} --file FILE; or what is stored of it: modosu events --for ${name}`,
    })
  }
  if (shown === 0) output.message(`no line about ${name}; what is stored of it: modosu events --for ${name}`)
}

interface Source {
  readonly lines: Readable
  /** What went wrong; null: nothing. */
  readonly ended: Promise<string | null>
}

function open({ stdin }: CliContext, { file, unit, follow }: LogsOptions): Source {
  if (file === '-') return { lines: stdin, ended: Promise.resolve(null) }
  if (file !== undefined) {
    const lines = createReadStream(file)
    const ended = new Promise<string | null>((resolve) => {
      lines.once('error', (error) => {
        resolve(messageOf(error))
      })
      lines.once('close', () => {
        resolve(null)
      })
    })
    return { lines, ended }
  }
  const words = ['--unit', unit, '--output', 'cat', '--no-pager', '--quiet', ...(follow === true ? ['--follow'] : [])]
  const child = spawn('journalctl', words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => {
      child.stdout.destroy()
      resolve(messageOf(error))
    })
    child.once('close', (code) => {
      resolve(code === 0 || code === null ? null : complaint.trim() || `journalctl ended with ${code}`)
    })
  })
  return { lines: child.stdout, ended }
}

function entryOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

/** Known to whoever asked, or of the machine and not of the request. */
const LEFT_OUT: readonly string[] = ['time', 'level', 'msg', 'request', 'pid', 'hostname', 'name', 'v']

function textOf(entry: Readonly<Record<string, unknown>>): string {
  const word = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const rest = Object.entries(entry).filter(([key]) => !LEFT_OUT.includes(key))
  const fields = rest.map(([key, value]) => `${key}=${word(value)}`)
  return printable([entry['time'], entry['level'], entry['msg']].map(word).concat(fields).join(' '))
}
