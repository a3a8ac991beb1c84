/** What a dry run says of the rows that a restore would take away, bring back and change. */

import type { Language } from '../../domain/messages.ts'
import type { LossSamples, RestoreStatus, TableLoss } from '../../domain/resource.ts'
import { printable } from '../printable.ts'
import { tableLines, UNKNOWN } from '../table.ts'
import { said } from '../translation/japanese.ts'

const TEXTS = {
  en: {
    none: '  No row would vanish, return or change.',
    unknown: '  Not known:',
    kinds: { vanishing: 'would vanish', returning: 'would return', changing: 'would change' },
    rows: (backup: string) => `  Rows that would vanish, return or change (modosu compare ${backup} shows them):`,
  },
  ja: {
    none: '  消える行、戻る行、変わる行はありません。',
    unknown: '  不明:',
    kinds: { vanishing: '消える行', returning: '戻る行', changing: '変わる行' },
    rows: (backup: string) => `  消える行・戻る行・変わる行の数（行の内容: modosu compare ${backup}）:`,
  },
} as const satisfies Readonly<Record<Language, unknown>>

/** @returns nothing where it is not known. */
export function lossLines({ dataLoss, resolvedBackup }: RestoreStatus, language: Language): readonly string[] {
  if (dataLoss === undefined) return []
  const texts = TEXTS[language]
  const { tables, remark } = dataLoss
  const unknown = remark === undefined ? [] : [`${texts.unknown} ${printable(said(remark, language))}`]
  if (tables.length === 0) return remark === undefined ? [texts.none] : unknown
  const rows = tables.map(({ table, current, restored, vanishing, returning, changed }) => [
    table,
    ...[current, restored, vanishing, returning, changed].map((figure) => figure ?? UNKNOWN),
  ])
  return [
    texts.rows(printable(resolvedBackup?.backupId ?? 'BACKUP')),
    ...tableLines(['TABLE', 'NOW', 'BACKUP', 'VANISH', 'RETURN', 'CHANGE'], rows).map((line) => `    ${line}`),
    ...unknown,
    ...tables.flatMap((loss) => sampleLines(loss, texts.kinds)),
  ]
}

function sampleLines({ table, samples }: TableLoss, kinds: Readonly<Record<keyof LossSamples, string>>): string[] {
  if (samples === undefined) return []
  return (['vanishing', 'returning', 'changing'] as const).flatMap((kind) =>
    samples[kind].length === 0
      ? []
      : [`    ${printable(table)}, ${kinds[kind]}:`, ...samples[kind].map((row) => `      ${printable(row)}`)],
  )
}
