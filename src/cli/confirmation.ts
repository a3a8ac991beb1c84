/** The manual's warning before a restore (3.2, step 4; R41) and its question. */

import { existsSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'

import type { BackupSet } from '../catalog/contract.ts'
import { isFuture } from '../domain/clock.ts'
import { WARNING, type Language } from '../domain/messages.ts'
import { codeOf, RestoreError } from '../domain/errors.ts'
import type { CliContext } from './context.ts'
import { dateAndTime, humanDuration, japaneseDuration, megabytes } from './human.ts'
import { printable } from './printable.ts'

/** Beside the manual's own. */
interface WarningTexts {
  readonly target: string
  /** Manual 3.2, step 2. */
  readonly lost: (ageMs: number) => string
  /** There is nothing to overwrite, nor to back up. */
  readonly created: string
  /** Manual 4.4. */
  readonly noBackup: string
  readonly newest: string
}

const TEXTS: Readonly<Record<Language, WarningTexts>> = {
  ja: {
    target: '対象:',
    lost: (ageMs) =>
      `バックアップ作成後に追加・変更されたデータは失われます（作成から${japaneseDuration(ageMs)}経過）。`,
    created:
      '現在、データベースは存在しません。以下のバックアップから新規に作成されます（安全バックアップは作成されません）:',
    noBackup:
      'WARNING: 安全バックアップは作成されません。リストア失敗時の自動ロールバックができなくなります。' +
      'この場合、手動での復旧が必要になります。',
    newest: '最新の正常なバックアップ',
  },
  en: {
    target: 'Target:',
    lost: (ageMs) =>
      `What was added or changed after the backup was made is lost (it was made ${humanDuration(ageMs)} ago).`,
    created: 'There is no database yet. It is created from the following backup; no safety backup is made:',
    noBackup:
      'WARNING: no safety backup will be made. A failed restore cannot be rolled back automatically; ' +
      'it would have to be recovered by hand.',
    newest: 'the newest sound backup',
  },
}

const RULE = '-'.repeat(53)

export interface Confirmation {
  readonly target: string
  /** As the request names it; the set is undefined where this process may not look into the backup directory. */
  readonly source: string
  readonly set: BackupSet | undefined
  readonly backupCurrent: boolean
  /** Whether there is a database to replace; looked for where it is left out. */
  readonly present?: boolean
  /** `--yes`: the question is answered. */
  readonly yes: boolean
  readonly language: Language
}

/**
 * Shows the warning on stderr and asks, unless `--yes` has answered already. The daemon is looked for first: nobody is to
 * read a warning and decide, only to hear that nothing can be done.
 *
 * @returns whether to go on.
 * @throws RestoreError `UsageError` where nobody can be asked, and where a restore without a safety backup was not
 *   confirmed on the command line itself (manual 4.4); `DaemonUnreachable`.
 */
export async function confirmRestore(context: CliContext, confirmation: Confirmation): Promise<boolean> {
  const { output } = context
  const { yes, backupCurrent, language } = confirmation
  if (!yes) requireAnswerable(context, backupCurrent)
  await context.client().requireAlive()
  const present = confirmation.present ?? isPresent(context, confirmation.target)
  for (const line of warningLines({ ...confirmation, present }, context.clock.nowMs())) output.message(line)
  if (!backupCurrent && present) output.message(output.onStderr(['bold', 'red'], `  ${TEXTS[language].noBackup}\n`))
  if (yes) return true
  const answer = await ask(context, `  ${WARNING[language].question} (yes/no): `)
  return YES.includes(answer.trim().toLowerCase())
}

/** A database that cannot be looked at counts as one: what is not known is not promised away. */
function isPresent(context: CliContext, target: string): boolean {
  const { database } = context.target(target)
  try {
    return statSync(database).size > 0 || existsSync(`${database}-wal`)
  } catch (error) {
    return codeOf(error) !== 'ENOENT'
  }
}

function requireAnswerable({ stdin, output }: CliContext, backupCurrent: boolean): void {
  if (!backupCurrent) throw unanswered('a restore without a safety backup must be confirmed on the command line')
  if (!stdin.isTTY || !output.talking) throw unanswered('there is no terminal to ask on')
}

function unanswered(why: string): RestoreError {
  return new RestoreError(why, { reason: 'UsageError', hint: 'say --yes once you are sure' })
}

/** R41; without the question, which is asked on a line of its own. */
export function warningLines(
  { target, source, set, backupCurrent, present = true, language }: Confirmation,
  nowMs: number,
): string[] {
  const texts = TEXTS[language]
  const manual = WARNING[language]
  const overwritten = manual.overwritten.join(language === 'ja' ? '' : ' ')
  const facts =
    set === undefined
      ? [`${manual.backupId} ${source === 'latest' ? texts.newest : printable(source)}`]
      : [
          `${manual.backupId} ${printable(set.id)}`,
          `${manual.backupType} ${set.type.charAt(0).toUpperCase()}${set.type.slice(1)}`,
          `${manual.createdAt} ${dateAndTime(set.createdAtMs)}`,
          `${manual.fileSize} ${megabytes(set.sizeBytes)}`,
        ]
  const dated = set !== undefined && !isFuture(set.createdAtMs, nowMs)
  const lost = !dated || !present ? [] : [`  ${texts.lost(nowMs - set.createdAtMs)}`, '']
  return [
    RULE,
    `  ${manual.heading}`,
    RULE,
    `  ${present ? overwritten : texts.created}`,
    '',
    ...facts.map((fact) => `  - ${fact}`),
    `  - ${texts.target} ${target}`,
    '',
    ...lost,
    ...(backupCurrent && present ? [`  ${manual.automaticBackup}`, ''] : []),
  ]
}

/**
 * Asks for a yes where a person can be asked, and where the daemon is there to do it.
 *
 * @throws RestoreError `UsageError` where nobody can; `DaemonUnreachable`.
 */
export async function confirmed(context: CliContext, question: string): Promise<boolean> {
  requireAnswerable(context, true)
  await context.client().requireAlive()
  const answer = await ask(context, `${context.say(question)} (yes/no): `)
  return YES.includes(answer.trim().toLowerCase())
}

const YES: readonly string[] = ['yes', 'y', 'はい']

/** The end of the input, and Ctrl-C, are no answer: the empty text. */
function ask({ stdin, output }: CliContext, question: string): Promise<string> {
  return new Promise((resolve) => {
    const dialogue = createInterface({ input: stdin, output: output.dialogue })
    let answer = ''
    dialogue.once('close', () => {
      resolve(answer)
    })
    dialogue.question(question, (text) => {
      answer = text
      dialogue.close()
    })
  })
}
