/** The diagnosis as text: the likely cause and its command in the first line, then each finding, then what was looked at. */

import { API_VERSION } from '../../domain/resource.ts'
import type { Language } from '../../domain/messages.ts'
import { findReason } from '../../domain/reasons.ts'
import type { CliContext } from '../context.ts'
import type { Style } from '../output.ts'
import { tableLines } from '../table.ts'
import type { Diagnosis } from './diagnose.ts'
import type { Finding, Severity } from './finding.ts'

const COLOURS: Readonly<Record<Severity, Style>> = { broken: 'red', unseen: 'yellow', warning: 'yellow', note: 'cyan' }

/** What `-o json|yaml` shows. */
export function diagnosisObject({ findings, checks }: Diagnosis, logs: ReadonlyMap<string, readonly string[]>): object {
  const [first] = findings
  const likelyCause = first === undefined || first.severity === 'note' ? null : first
  return { apiVersion: API_VERSION, kind: 'Diagnosis', likelyCause, findings, checks, logs: Object.fromEntries(logs) }
}

export function printDiagnosis(
  context: CliContext,
  { findings, checks }: Diagnosis,
  logs: ReadonlyMap<string, readonly string[]>,
): void {
  const { output, say } = context
  output.line(firstLine(context, { findings, checks }))
  for (const finding of findings) {
    output.line()
    printFinding(context, finding)
  }
  output.line()
  const rows = checks.map(({ check, target, result, looked }) => [target ?? 'modosu', check, result, say(looked)])
  for (const line of tableLines(['OF', 'CHECK', 'RESULT', 'LOOKED AT'], rows)) output.line(line)
  for (const [unit, lines] of logs) {
    output.line()
    output.line(`journalctl -u ${unit} -n 50`)
    for (const line of lines) output.line(`  ${line}`)
  }
}

/** @returns one line: a person on the phone reads it out. */
function firstLine({ say, output }: CliContext, { findings, checks }: Diagnosis): string {
  const [first] = findings
  if (first === undefined || first.severity === 'note') {
    const looked = checks.filter(({ result }) => result === 'ok' || result === 'found').length
    const partly = checks.filter(({ result }) => result === 'unseen').length
    const well = say(`all is well: ${looked} checks found nothing wrong`)
    const rest = partly === 0 ? '' : ` (${say(`${partly} could not see everything`)})`
    return `${output.onStdout('green', well)}${rest}`
  }
  const where = first.target === null ? '' : `${first.target}: `
  const label = say(first.severity === 'unseen' ? 'not everything could be seen' : 'likely cause')
  return `${output.onStdout(['bold', COLOURS[first.severity] as 'red'], label)}: ${where}${say(first.message)} → ${first.command}`
}

function printFinding({ output, say, sayings, language }: CliContext, finding: Finding): void {
  const { severity, cause, target, message, evidence, command, docs } = finding
  output.line(`${output.onStdout(COLOURS[severity], severity)} ${target ?? 'modosu'}/${cause}: ${say(message)}`)
  for (const line of evidence) output.line(`  ${say(line)}`)
  output.line(`  $ ${command}`)
  const more =
    docs === null ? null : findReason(docs) === undefined ? inLanguage(docs, language) : `modosu explain ${docs}`
  if (more !== null) output.line(`  ${sayings.look} ${more}`)
}

/** Each runbook is there in both languages. */
function inLanguage(path: string, language: Language): string {
  return language === 'ja' ? path.replace(/^docs\/runbooks\//, 'docs/runbooks/ja/') : path
}
