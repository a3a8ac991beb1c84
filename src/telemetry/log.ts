/**
 * The log: JSON lines with stable keys, or text for people; for the journal with its priorities. Written synchronously
 * and without a worker thread, so that the last line before a SIGKILL is there.
 *
 * Keys: time (RFC 3339), level, msg, component, request, uid (the correlation id of a restore: every line about it has
 * it), target, phase, reason, error. Levels: error needs a person, warn may, info is the story, debug the detail.
 */

import { fstatSync } from 'node:fs'
import { pino, stdTimeFunctions, type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'

import type { Log } from '../domain/log.ts'
import { escapeHidden } from '../domain/unsafe-text.ts'
import { LineWriter } from './line-writer.ts'
import { redactFields, redactText } from './redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'json' | 'text'
  /** File descriptor that takes the lines; not closed here. */
  readonly fd: number
  /** Value of $JOURNAL_STREAM: where it names the descriptor's own file, lines carry priorities (systemd.exec(5)). */
  readonly journalStream?: string | undefined
  readonly color?: boolean
}

type Fields = Readonly<Record<string, unknown>>

const PATIENCE_MS = 1000

/** sd-daemon(3). */
const PRIORITIES: Readonly<Record<LogLevel, string>> = { error: '<3>', warn: '<4>', info: '<6>', debug: '<7>' }

/** Makes the log of the process. Nothing that it logs makes it throw. */
export function createLog(options: LogOptions): Log & { setLevel(level: LogLevel): void } {
  const print = printerOf(options)
  const writer = new LineWriter(options.fd, PATIENCE_MS, (count) =>
    print('warn', lineOf('warn', `${count} log lines were lost: nobody read them in time`)),
  )
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    new Destination(writer, print),
  )
  return Object.assign(new PinoLog(logger, {}), {
    setLevel: (level: LogLevel) => {
      logger.level = level
    },
  })
}

type Print = (level: LogLevel, line: string) => string

function printerOf({ format, fd, journalStream, color = false }: LogOptions): Print {
  const pretty = prettyFactory({
    colorize: color,
    singleLine: true,
    errorLikeObjectKeys: [],
    ignore: 'component',
    translateTime: false,
    // A line of the log is a line of the text: what a request says cannot forge one.
    messageFormat: ({ component, msg }) =>
      escapeControls(`${typeof component === 'string' ? `${component}: ` : ''}${msg as string}`),
  })
  const toText = (line: string): string => (format === 'json' ? escapeHidden(line) : pretty(line))
  if (!isJournal(fd, journalStream)) return (_level, line) => toText(line)
  return (level, line) => toText(line).replaceAll(/^(?=.)/gm, PRIORITIES[level])
}

function escapeControls(text: string): string {
  return escapeHidden(text.replaceAll(/[\t\n\r]/g, (character) => JSON.stringify(character).slice(1, -1)))
}

/** Whether the descriptor is the very socket that $JOURNAL_STREAM names as DEVICE:INODE. */
function isJournal(fd: number, journalStream: string | undefined): boolean {
  if (journalStream === undefined || journalStream === '') return false
  const { dev, ino } = fstatSync(fd, { bigint: true })
  return journalStream === `${dev}:${ino}`
}

function lineOf(level: LogLevel, msg: string): string {
  return `${JSON.stringify({ level, time: new Date().toISOString(), msg })}\n`
}

class Destination {
  readonly #writer: LineWriter
  readonly #print: Print

  constructor(writer: LineWriter, print: Print) {
    this.#writer = writer
    this.#print = print
  }

  write(line: string): void {
    const level = /^\{"level":"(\w+)"/.exec(line)?.[1] ?? 'info'
    this.#writer.write(this.#print(level as LogLevel, line))
  }
}

class PinoLog implements Log {
  readonly #logger: Logger
  readonly #fields: Fields

  /** The fields are kept here and not in a child of pino's, which would print a key twice that a line gives anew. */
  constructor(logger: Logger, fields: Fields) {
    this.#logger = logger
    this.#fields = fields
  }

  debug(message: string, fields?: Fields): void {
    this.#write('debug', message, fields)
  }

  info(message: string, fields?: Fields): void {
    this.#write('info', message, fields)
  }

  warn(message: string, fields?: Fields): void {
    this.#write('warn', message, fields)
  }

  error(message: string, fields?: Fields): void {
    this.#write('error', message, fields)
  }

  child(fields: Fields): Log {
    return new PinoLog(this.#logger, { ...this.#fields, ...redactFields(fields) })
  }

  #write(level: LogLevel, message: string, fields: Fields = {}): void {
    if (!this.#logger.isLevelEnabled(level)) return
    this.#logger[level]({ ...this.#fields, ...redactFields(fields) }, redactText(message))
  }
}
