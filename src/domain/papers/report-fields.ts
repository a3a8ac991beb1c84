/** The eleven fields of the template (manual 12.2). What is not known is said to be unknown; nothing is concluded from silence. */

import { isTerminal, type Phase } from '../phases.ts'
import { isSpecRead, type Source } from '../resource.ts'
import { dutyOf } from './escalation.ts'
import type { ReportFacts } from './report-facts.ts'
import { lossText } from './report-loss.ts'
import { stepsDone } from './report-steps.ts'
import { reportWords, type ReportField, type ReportWords } from './report-words.ts'
import { isUncertain, neverRan, type Wording } from './verdicts.ts'
import { minuteOf, oneLine } from './wording.ts'

export type FieldValue = string | readonly string[]

type Writer = (facts: ReportFacts, words: ReportWords, wording: Wording) => FieldValue

const WRITERS: Readonly<Record<ReportField, Writer>> = {
  occurredAt: ({ request, timezone }, { unknown }) =>
    minuteOf(request.status.startTime ?? request.createdAt, timezone) ?? unknown,
  operation,
  executor,
  backup,
  result,
  rollback,
  state,
  loss: lossText,
  done: stepsDone,
  further,
  responder,
}

export function fieldValue(field: ReportField, facts: ReportFacts, wording: Wording): FieldValue {
  return WRITERS[field](facts, reportWords(wording.language), wording)
}

export function sourceText(source: Source): string {
  if (source.backupId !== undefined) return source.backupId
  if (source.safetyBackup !== undefined) return source.safetyBackup.name
  if (source.file !== undefined) return source.file.path
  if (source.sqlDump !== undefined) return source.sqlDump.path
  return source.latest === undefined ? '' : 'latest'
}

function operation({ request, undoes }: ReportFacts, words: ReportWords): string {
  const { phase, spec } = request
  const remarks = [
    ...(undoes === null ? [] : [words.undoOf(oneLine(undoes))]),
    ...(spec.mode === 'Restore' ? [] : [words.modes[spec.mode]]),
    ...(isTerminal(phase) ? [] : [words.underWay(phase)]),
    ...(neverRan(phase) ? [words.neverRan(phase)] : []),
  ]
  const word = operationWord(phase, undoes !== null, words)
  return remarks.reduce((text, remark) => words.remark(text, remark), word)
}

function operationWord(phase: Phase, isUndo: boolean, words: ReportWords): string {
  if (phase === 'RolledBack' || phase === 'RollbackFailed' || phase === 'RollingBack') return words.rollback
  if (isTerminal(phase) && phase !== 'Succeeded') return words.restoreFailed
  return isUndo ? words.rollback : words.restore
}

/** Whom the request names, as the manual asks for a person; and who has proven to have sent it, where that is another. */
function executor({ request }: ReportFacts, words: ReportWords): string {
  const { requestedBy } = request.spec
  const sender = request.submitter?.name ?? (request.origin.kind === 'Api' ? request.origin.client : undefined)
  if (requestedBy === undefined) return sender === undefined ? words.unknown : oneLine(sender)
  if (sender === undefined || sender === requestedBy) return oneLine(requestedBy)
  return words.remark(oneLine(requestedBy), words.submittedBy(oneLine(sender)))
}

function backup({ request, timezone }: ReportFacts, words: ReportWords): string {
  const { resolvedBackup } = request.status
  if (resolvedBackup !== undefined) {
    const created = minuteOf(resolvedBackup.createdAt, timezone) ?? words.unknown
    return `${oneLine(resolvedBackup.backupId)} / ${created}`
  }
  const asked = isSpecRead(request) ? oneLine(sourceText(request.spec.source)) : ''
  return asked === '' ? words.unknown : words.remark(words.unknown, words.notChosen(asked))
}

function result({ request }: ReportFacts, words: ReportWords, { say }: Wording): string {
  const { phase, status } = request
  if (phase === 'Succeeded') return words.success
  if (!isTerminal(phase)) return words.remark(words.unknown, words.notEnded)
  return words.remark(words.failure, oneLine(say(status.message ?? words.unknown)))
}

function rollback({ request }: ReportFacts, words: ReportWords, { say }: Wording): string {
  const { phase, status } = request
  if (phase === 'RolledBack') return words.success
  if (phase === 'RollbackFailed') return words.failure
  if (phase === 'RollingBack') return words.remark(words.unknown, words.notEnded)
  const condition = status.conditions.find(({ type }) => type === 'RolledBack')
  if (condition === undefined || phase === 'Succeeded') return words.notRun
  if (condition.status === 'True') return words.remark(words.notRun, words.noRollbackNeeded)
  const why = condition.reason === 'NoSafetyBackup' ? words.noSafetyBackup : oneLine(say(condition.message))
  return words.remark(words.notRun, why)
}

function state({ request, timezone }: ReportFacts, words: ReportWords, { say }: Wording): string {
  const { status, spec } = request
  const { application } = status
  if (application === undefined) {
    const why = spec.mode === 'Restore' ? words.notLooked : words.modes[spec.mode]
    return words.remark(words.unknown, why)
  }
  const at = minuteOf(application.at, timezone) ?? words.unknown
  const asOf = (word: string, why: string): string => words.remark(word, words.asOf(why, at))
  const message = oneLine(say(application.message))
  if (application.state === 'ApplicationDown') return asOf(words.down, message)
  if (application.state === 'Unknown') return asOf(words.unknown, message)
  if (isUncertain(status)) return asOf(words.partly, words.databaseUncertain)
  const doubted = status.checks.some(({ name, result: found }) => name === 'smoke' && found === 'warn')
  return doubted ? asOf(words.partly, words.smokeWarning) : asOf(words.running, message)
}

/** Done with once somebody has said so and the application is not down; where nothing was changed there is nothing to do. */
function further({ request }: ReportFacts, words: ReportWords, { say }: Wording): string {
  const { phase, status, spec, name } = request
  if (!isTerminal(phase)) return words.remark(words.unknown, words.notEnded)
  const { escalation, application, hint } = status
  const isDown = application?.state === 'ApplicationDown' && application.ranBefore !== false
  const open = [
    ...(isDown || (escalation?.acknowledged !== true && hint !== undefined) ? [oneLine(say(hint ?? ''))] : []),
    ...(escalation?.acknowledged === false ? [words.toAcknowledge(name)] : []),
    ...(escalation?.acknowledged === false && phase === 'Succeeded' && spec.mode === 'Restore'
      ? [words.toCheck(name)]
      : []),
  ].filter((text) => text !== '')
  if (open.length > 0) return words.remark(words.some, open.join('; '))
  if (isDown) return words.some
  return escalation?.acknowledged === true ? words.remark(words.none, words.acknowledged) : words.none
}

function responder({ request, acts }: ReportFacts, words: ReportWords, { language }: Wording): string {
  const { escalation, phase } = { ...request.status, phase: request.phase }
  if (escalation === undefined) {
    return isTerminal(phase) ? words.remark(words.none, words.nobodyNeeded) : words.unknown
  }
  const seen = acts.findLast(({ operation: done }) => done === 'acknowledge' || done === 'forget')
  if (escalation.acknowledged) return seen === undefined ? words.unknown : oneLine(seen.actor)
  const { responder: who, timeFrame } = dutyOf(escalation.level, language)
  return words.remark(words.unknown, words.nobodyYet(who, timeFrame))
}
