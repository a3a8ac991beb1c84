/** How a request ended, said to a person: the manual's success box (3.2, step 8; R47), or what failed and what is next. */

import { basename } from 'node:path'

import { TEXTS, type Language } from '../../domain/messages.ts'
import { isTerminal, type TerminalPhase } from '../../domain/phases.ts'
import type { ApplicationState, Mode, RestoreRequest, RestoreStatus } from '../../domain/resource.ts'
import { saidError } from '../error-lines.ts'
import { nextCommands } from '../next-command.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'
import { sourceText } from '../resources/requests.ts'
import { sayings } from '../texts.ts'
import { said } from '../translation/japanese.ts'
import { lossLines } from './loss-view.ts'

/** What became of the database: the first thing that whoever reads a failure wants to know. */
const STATE_OF_DATABASE: Readonly<Record<Language, Readonly<Record<Exclude<TerminalPhase, 'Succeeded'>, string>>>> = {
  ja: {
    Failed: 'データベースは変更されていません。',
    Rejected: 'データベースは変更されていません。',
    Cancelled: 'データベースは変更されていません。',
    Expired: 'データベースは変更されていません。',
    RolledBack: 'データベースはリストア前の状態に戻されました。',
    RollbackFailed: 'ロールバックに失敗しました。手動ロールバックが必要です（手順書 7.2）。',
  },
  en: {
    Failed: 'The database was not changed.',
    Rejected: 'The database was not changed.',
    Cancelled: 'The database was not changed.',
    Expired: 'The database was not changed.',
    RolledBack: 'The database is as it was before the restore.',
    RollbackFailed: 'The rollback failed; it must be done by hand (manual 7.2).',
  },
}

/** A restore that waived its safety backup and failed after the swap (manual 4.4, 7.1). */
const NOT_ROLLED_BACK: Readonly<Record<Language, string>> = {
  ja: '自動ロールバックは行われていません。データベースを確認してください（手順書 7.2）。',
  en: 'The database was changed and not rolled back: look at it now (manual 7.2).',
}

/** What the escalation's template asks for as the present state of the system (manual 12.2). */
const STATE_OF_APPLICATION: Readonly<Record<Language, Readonly<Record<ApplicationState, string>>>> = {
  ja: {
    ApplicationRunning: 'アプリケーション: 正常稼働',
    ApplicationDown: 'アプリケーション: 停止中',
    Unknown: 'アプリケーション: 状態不明',
  },
  en: {
    ApplicationRunning: 'Application: running',
    ApplicationDown: 'Application: DOWN',
    Unknown: 'Application: not known',
  },
}

const REHEARSED: Readonly<Record<Language, Readonly<Record<Exclude<Mode, 'Restore'>, string>>>> = {
  ja: {
    DryRun: 'ドライランが完了しました。データベースは変更されていません。',
    Drill: 'リストア訓練に合格しました。データベースは変更されていません。',
    Extract: 'バックアップを取り出しました。データベースは変更されていません。',
  },
  en: {
    DryRun: 'Dry run completed. The database was not changed.',
    Drill: 'The drill has passed. The database was not changed.',
    Extract: 'The backup was extracted. The database was not changed.',
  },
}

/**
 * Prints the outcome of a request that has ended: success on stdout, everything else on stderr.
 *
 * @param spool the spool directory, for the commands that are named.
 */
export function printOutcome(output: Output, request: RestoreRequest, language: Language, spool: string): void {
  const { phase } = request
  if (!isTerminal(phase)) return
  if (phase === 'Succeeded') for (const line of successLines(request, language)) output.line(line)
  else printFailure(output, request, phase, { language, spool })
}

/** @returns for a restore the manual's own lines, for a rehearsal what it found. */
export function successLines({ spec, status }: RestoreRequest, language: Language): readonly string[] {
  const texts = TEXTS[language]
  if (spec.mode !== 'Restore') {
    const checks = status.checks.map(
      (check) => `  ${check.name}: ${check.result} ${printable(said(check.message, language))}`,
    )
    const used =
      status.resolvedBackup === undefined
        ? []
        : [`  ${texts.restoredFrom} ${printable(status.resolvedBackup.backupId)}`]
    const told = [...used, ...passedOverLines(status, language)]
    return [
      REHEARSED[language][spec.mode],
      // As sha256sum prints it, for its --check.
      ...(status.extract === undefined ? [] : [`${status.extract.sha256}  ${printable(status.extract.path)}`]),
      ...told,
      ...(status.plan ?? []).map((step) => `  ${printable(said(step, language))}`),
      ...checks,
      ...(spec.mode === 'DryRun' ? lossLines(status, language) : []),
    ]
  }
  const safety = status.safetyBackup === undefined ? texts.none : basename(status.safetyBackup.name)
  return [
    '',
    texts.completed,
    '',
    `${texts.restoredFrom} ${printable(status.resolvedBackup?.backupId ?? sourceText(spec.source))}`,
    ...passedOverLines(status, language),
    `${texts.safetyBackup} ${printable(safety)}`,
    `${texts.integrityCheck} ${texts.passed}`,
    '',
    texts.reload,
  ]
}

const PASSED_OVER: Readonly<Record<Language, string>> = {
  ja: '  使用しなかった新しいバックアップ:',
  en: '  Newer backups that were not used:',
}

/** A person agreed to the newest one: that another was used is told with the result, and why. */
export function passedOverLines({ passedOver = [] }: RestoreStatus, language: Language): readonly string[] {
  if (passedOver.length === 0) return []
  return [
    PASSED_OVER[language],
    ...passedOver.map((each) => `    - ${each.backupId}: ${printable(said(each.message, language))}`),
  ]
}

function printFailure(
  output: Output,
  request: RestoreRequest,
  phase: Exclude<TerminalPhase, 'Succeeded'>,
  { language, spool }: { readonly language: Language; readonly spool: string },
): void {
  const { status } = request
  const changed = status.conditions.some(({ type, status: value }) => type === 'RolledBack' && value === 'False')
  const state = phase === 'Failed' && changed ? NOT_ROLLED_BACK[language] : STATE_OF_DATABASE[language][phase]
  const texts = sayings(language)
  const told = { message: printable(status.message ?? phase), reason: status.reason, hint: status.hint }
  const { message: what, cause, hints } = saidError(told, language)
  output.message(`${output.onStderr(['bold', 'red'], texts.error)} ${what}`)
  for (const each of cause) output.message(`${texts.cause} ${each}`)
  output.message(texts.phaseAndReason(phase, status.reason ?? texts.unknownReason))
  output.message(state)
  if (status.application !== undefined) {
    const { state: now, message } = status.application
    output.message(`${STATE_OF_APPLICATION[language][now]} (${printable(said(message, language))})`)
  }
  for (const hint of hints) output.message(`${texts.hint} ${printable(hint)}`)
  output.message(`${texts.look} modosu describe request ${request.name}`)
  for (const { command, why } of nextCommands(request, spool, language)) {
    output.message(`${texts.next} ${command}   # ${why}`)
  }
}
