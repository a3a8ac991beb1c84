/** A log that keeps its lines for a test to read. */

import type { Log } from '../../src/domain/log.ts'

export interface CollectedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

export interface CollectedLog extends Log {
  readonly lines: readonly CollectedLine[]
}

export function collectedLog(lines: CollectedLine[] = [], bound: Readonly<Record<string, unknown>> = {}): CollectedLog {
  const at =
    (level: CollectedLine['level']) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      lines.push({ level, message, fields: { ...bound, ...fields } })
    }
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => collectedLog(lines, { ...bound, ...fields }),
  }
}
