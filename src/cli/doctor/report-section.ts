/**
 * What the doctor finds, as a section of the report of a restore after which the application does not work (manual 9, Q3): whoever
 * gets the report has to know what stands in the way. It tells of now, and says so; the rest of the report tells of then.
 */

import { existsSync, readFileSync } from 'node:fs'

import type { DocumentSection } from '../../domain/papers/report-document.ts'
import type { Language } from '../../domain/messages.ts'
import type { RestoreRequest } from '../../domain/resource.ts'
import type { Target } from '../../domain/target.ts'
import { fullUnitName } from '../../service/systemctl.ts'
import type { CliContext } from '../context.ts'
import { printable } from '../printable.ts'
import { diagnose } from './diagnose.ts'
import { Examination } from './examination.ts'
import { hungFinding, hungMounts, namedIn } from './mounts.ts'

const WORDS = {
  en: {
    title: (at: string) => `What the doctor finds now (${at}; more: modosu doctor)`,
    columns: ['Severity', 'Finding', 'Evidence', 'Command'],
    nothing: (checks: number) => `${checks} checks found nothing wrong`,
    log: (unit: string) => `Last lines of the log of ${unit}`,
  },
  ja: {
    title: (at: string) => `現在の診断結果（${at}、詳細: modosu doctor）`,
    columns: ['重大度', '診断', '根拠', 'コマンド'],
    nothing: (checks: number) => `${checks} 項目の確認で問題は見つかりませんでした`,
    log: (unit: string) => `${unit} の最新のログ`,
  },
} as const satisfies Readonly<Record<Language, unknown>>

/** Whether the application did not work when the restore ended, as far as is known. */
export function needsDoctor({ status }: Pick<RestoreRequest, 'status'>): boolean {
  if (status.application?.state === 'ApplicationDown') return true
  return status.conditions.some(({ type, status: value }) => type === 'ServiceHealthy' && value === 'False')
}

/**
 * A quick look, without reading whole databases: the restore's own checks of them stand in the report. Changes nothing.
 *
 * @param signal ends it.
 */
export async function doctorSections(
  context: CliContext,
  target: Target,
  signal: AbortSignal,
): Promise<readonly DocumentSection[]> {
  const { language, say, clock } = context
  const words = WORDS[language]
  const examination = new Examination(context, context.configuration(), true, signal)
  const hung = namedIn(textOf(context.configPath), await hungMounts(context.environment.variables))
  const { findings, checks } =
    hung === undefined ? await diagnose(examination, [target]) : { findings: [hungFinding(hung)], checks: [] }
  signal.throwIfAborted()
  const rows = findings.map(({ severity, message, evidence, command }) => [
    severity,
    printable(say(message)),
    evidence.map((line) => printable(say(line))).join('; '),
    printable(command),
  ])
  const at = new Date(clock.nowMs()).toISOString().replace(/\.\d+Z$/, 'Z')
  const found: DocumentSection = {
    key: 'doctor',
    title: words.title(at),
    table: { columns: words.columns, rows: rows.length > 0 ? rows : [['note', words.nothing(checks.length), '', '']] },
  }
  return [found, ...(hung === undefined ? await logSection(examination, target, words.log) : [])]
}

async function logSection(
  examination: Examination,
  { service }: Target,
  titleOf: (unit: string) => string,
): Promise<readonly DocumentSection[]> {
  if (service?.unit === undefined || (await examination.manager()) !== 'present') return []
  const unit = fullUnitName(service.unit)
  const lines = (await examination.log(unit)) ?? []
  const table = { columns: [`journalctl -u ${unit} -n 50`], rows: lines.map((line) => [printable(line)]) }
  return [{ key: 'log', title: titleOf(unit), table }]
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
