/** `modosu describe request NAME`: everything that is known of a restore, its story and what to do next. */

import type { StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age, humanDuration, humanSize } from '../human.ts'
import { nextCommands } from '../next-command.ts'
import { findRequest, originText, phaseCell, sourceText } from '../resources/requests.ts'
import { pairs, Sheet } from './sheet.ts'

/** @throws RestoreError `NotFound`. */
export function describeRequest(context: CliContext, name: string): readonly string[] {
  const reader = context.reader()
  const request = findRequest(reader, name)
  const now = context.clock.nowMs()
  const sheet = new Sheet()
  identity(sheet, context, request, now)
  asked(sheet, request)
  outcome(sheet, request)
  sheet.table(
    'Checks',
    ['NAME', 'RESULT', 'TOOK', 'MESSAGE'],
    request.status.checks.map((check) => [
      check.name,
      check.result,
      check.durationMs === undefined ? null : `${check.durationMs}ms`,
      check.message,
    ]),
  )
  sheet.table(
    'Conditions',
    ['TYPE', 'STATUS', 'REASON', 'AGE', 'MESSAGE'],
    request.status.conditions.map(({ type, status, reason, lastTransitionTime, message }) => [
      type,
      status,
      reason,
      age(lastTransitionTime, now),
      message,
    ]),
  )
  sheet.table(
    'Phases',
    ['PHASE', 'AT', 'REASON', 'MESSAGE'],
    reader.transitions(request.uid).map(({ to, at, reason, message }) => [to, at, reason, message]),
  )
  sheet.table(
    'Events',
    ['TYPE', 'REASON', 'AGE', 'MESSAGE'],
    reader.events({ request: name }).map(({ type, reason, at, message }) => [type, reason, age(at, now), message]),
  )
  sheet.list(
    'Next',
    nextCommands(request).map(({ command, why }) => `${command}   # ${why}`),
  )
  return sheet.lines
}

function identity(sheet: Sheet, { output }: CliContext, request: StoredRequest, now: number): void {
  const { status } = request
  const phase = phaseCell(output, request.phase)
  sheet
    .field('Name', request.name)
    .field('UID', request.uid)
    .field('Generation', request.generation)
    .field('Created', `${request.createdAt} (${age(request.createdAt, now)} ago)`)
    .field('Origin', originText(request))
    .field('Labels', pairs(request.labels))
    .optional('Annotations', pairs(request.annotations))
    .field('Phase', phase.text, phase.style)
    .field('Reason', status.reason)
    .optional('Message', status.message)
    .optional('Hint', status.hint)
    .optional('Next attempt', status.nextAttemptTime)
    .optional('Held', request.held ? 'yes, until somebody approves it' : null)
    .optional('Suspended', request.suspended ? 'yes, until somebody resumes it' : null)
    .optional('Cancel requested', request.cancelRequested)
}

function asked(sheet: Sheet, { spec, approvals }: StoredRequest): void {
  const { required } = spec.approval
  sheet.section('Spec', [
    ['Target', spec.target],
    ['Source', sourceText(spec.source)],
    ['Mode', spec.mode],
    ['Strategy', spec.strategy],
    ['Service policy', spec.servicePolicy],
    ['Confirm', spec.confirm],
    ['Safety backup', spec.backupCurrent ? 'yes' : 'NO: a failed restore is not rolled back'],
    ['Tables', spec.tables.join(', ')],
    ['Not before', spec.notBefore],
    ['Not after', spec.notAfter],
    ['Deadline', humanDuration(spec.activeDeadlineSeconds * 1000)],
    ['Requested by', spec.requestedBy],
    ['Reason', spec.reason],
    ['Approvals', required === 0 ? null : `${approvals.length} of ${required} ${approvals.join(', ')}`.trim()],
  ])
}

function outcome(sheet: Sheet, { status }: StoredRequest): void {
  const { resolvedBackup, safetyBackup, progress, dataLoss, escalation, plan } = status
  sheet
    .section('Backup', [
      ['Id', resolvedBackup?.backupId],
      ['Created', resolvedBackup?.createdAt],
      ['Size', resolvedBackup === undefined ? null : humanSize(resolvedBackup.sizeBytes)],
      ['SHA-256', resolvedBackup?.sha256],
      ['Path', resolvedBackup?.path],
    ])
    .section('Safety backup', [
      ['Name', safetyBackup?.name],
      ['Raw copy', safetyBackup?.raw === true ? 'yes: SQLite could not read the database' : null],
      ['SHA-256', safetyBackup?.sha256],
      ['Path', safetyBackup?.path],
    ])
    .section('Times', [
      ['Started', status.startTime],
      ['Completed', status.completionTime],
      ['Duration', status.durationSeconds === undefined ? null : `${status.durationSeconds}s`],
      ['Downtime', status.downtimeMs === undefined ? null : `${status.downtimeMs}ms`],
      [
        'Progress',
        progress === undefined
          ? null
          : `step ${progress.step} of 5, ${humanSize(progress.bytesDone)} of ${humanSize(progress.bytesTotal)}`,
      ],
    ])
    .list('Plan', plan ?? [])
  if (dataLoss !== undefined) {
    sheet
      .section('Data loss', [
        ['From', dataLoss.from],
        ['To', dataLoss.to],
      ])
      .table(
        'Rows',
        ['TABLE', 'BEFORE', 'AFTER'],
        dataLoss.tables.map(({ table, current, restored }) => [table, current, restored]),
      )
  }
  if (escalation !== undefined) {
    sheet.field('Escalation', `${escalation.level}${escalation.acknowledged ? ', acknowledged' : ''}`)
  }
}
