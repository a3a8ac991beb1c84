/** What a dry run says of the rows that a restore would take away, bring back and change. */

import type { Language } from '../../domain/messages.ts'
import type { RestoreStatus } from '../../domain/resource.ts'
import { printable } from '../printable.ts'
import { tableLines, UNKNOWN } from '../table.ts'

const TEXTS = {
  en: {
    none: '  No row would vanish, return or change.',
    rows: (backup: string) => `  Rows that would vanish, return or change (modosu compare ${backup} shows them):`,
  },
  ja: {
    none: '  消える行、戻る行、変わる行はありません。',
    rows: (backup: string) => `  消える行・戻る行・変わる行の数（行の内容: modosu compare ${backup}）:`,
  },
} as const satisfies Readonly<Record<Language, unknown>>

/** @returns nothing where it is not known. */
export function lossLines({ dataLoss, resolvedBackup }: RestoreStatus, language: Language): readonly string[] {
  if (dataLoss === undefined) return []
  const texts = TEXTS[language]
  if (dataLoss.tables.length === 0) return [texts.none]
  const rows = dataLoss.tables.map(({ table, current, restored, vanishing, returning, changed }) => [
    table,
    ...[current, restored, vanishing, returning, changed].map((figure) => figure ?? UNKNOWN),
  ])
  return [
    texts.rows(printable(resolvedBackup?.backupId ?? 'BACKUP')),
    ...tableLines(['TABLE', 'NOW', 'BACKUP', 'VANISH', 'RETURN', 'CHANGE'], rows).map((line) => `    ${line}`),
  ]
}
