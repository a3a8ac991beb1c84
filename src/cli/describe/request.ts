/** `modosu describe request NAME`: everything that is known of a restore, its story and what to do next. */

import { join } from 'node:path'

import { approvalsRequired } from '../../controller/four-eyes.ts'
import { isSpecRead } from '../../domain/resource.ts'
import { CHECKLIST_NAMES } from '../../domain/papers/checklist-words.ts'
import { shellWord } from '../../domain/shell-word.ts'
import type { StateReader } from '../../store/reader.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { age, humanDuration } from '../human.ts'
import { nextCommands } from '../next-command.ts'
import type { RefusedFile } from '../refused-files.ts'
import { findRefused, findRequest, originText, phaseCell, sourceText } from '../resources/requests.ts'
import { humanSize } from '../../domain/size.ts'
import { UNKNOWN } from '../table.ts'
import { pairs, Sheet } from './sheet.ts'

/** @throws RestoreError `NotFound`. */
export function describeRequest(context: CliContext, name: string): readonly string[] {
  const reader = context.reader()
  const refused = reader.request(name) === undefined ? findRefused(context, name) : undefined
  if (refused !== undefined) return describeRefused(context, refused)
  const request = findRequest(reader, name)
  const now = context.clock.nowMs()
  const sheet = new Sheet(context.say)
  identity(sheet, context, request, now)
  if (isSpecRead(request)) asked(sheet, context, request)
  else sheet.field('Spec', context.say(`${UNKNOWN}: the file could not be read`))
  outcome(sheet, context, request)
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
  ticked(sheet, reader, request, now)
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
    nextCommands(request, context.configuration().spool.path, context.language).map(
      ({ command, why }) => `${command}   # ${why}`,
    ),
  )
  return sheet.lines
}

/** What people have said of the checklists; the whole of them is `modosu checklist`. */
function ticked(sheet: Sheet, reader: StateReader, request: StoredRequest, now: number): void {
  const rows = CHECKLIST_NAMES.flatMap((list) =>
    reader
      .ticks(request, list)
      .map(({ point, ticked: done, actor, at, note }) => [
        list,
        point,
        done ? 'ticked' : 'unticked',
        actor,
        age(at, now),
        note,
      ]),
  )
  if (rows.length > 0) sheet.table('Checklists', ['LIST', 'POINT', 'STATE', 'BY', 'AGE', 'NOTE'], rows)
}

/** A file of the spool that is no request. */
function describeRefused(context: CliContext, refused: RefusedFile): readonly string[] {
  const { file, reason, problems, at } = refused
  const { output, clock, say } = context
  const phase = phaseCell(output, 'Rejected')
  const path = shellWord(join(context.configuration().spool.path, file))
  return new Sheet(context.say)
    .field('File', file)
    .field('Refused', at === null ? null : `${at} ${say(`(${age(at, clock.nowMs())} ago)`)}`)
    .field('Phase', phase.text, phase.style)
    .field('Reason', reason)
    .table(
      'Problems',
      ['LINE', 'COLUMN', 'PATH', 'MESSAGE', 'HINT'],
      problems.map(({ line, column, path: field, message, hint }) => [line, column, field, message, hint]),
    )
    .list('Next', [
      `modosu validate -f ${path}   # check the mended file; the daemon reads it again by itself`,
      `modosu explain ${reason}   # cause, check and remedy`,
    ]).lines
}

function identity(sheet: Sheet, { output, say }: CliContext, request: StoredRequest, now: number): void {
  const { status } = request
  const phase = phaseCell(output, request.phase)
  sheet
    .field('Name', request.name)
    .field('UID', request.uid)
    .field('Generation', request.generation)
    .field('Created', `${request.createdAt} ${say(`(${age(request.createdAt, now)} ago)`)}`)
    .field('Origin', originText(request))
    .field('Labels', isSpecRead(request) ? pairs(request.labels) : UNKNOWN)
    .optional('Annotations', pairs(request.annotations))
    .field('Phase', phase.text, phase.style)
    .field('Reason', status.reason)
    .optional('Message', saidIfAny(say, status.message))
    .optional('Hint', saidIfAny(say, status.hint))
    .optional('Next attempt', status.nextAttemptTime)
    .optional('Held', request.held ? say('yes, until somebody approves it') : null)
    .optional('Suspended', request.suspended ? say('yes, until somebody resumes it') : null)
    .optional('Cancel requested', request.cancelRequested)
    .optional('Forgotten', request.forgottenAt)
}

function asked(sheet: Sheet, context: CliContext, { spec, approvals }: StoredRequest): void {
  const { say } = context
  const target = context.configuration().targets.find(({ name }) => name === spec.target)
  const required = approvalsRequired(spec, target)
  sheet.section('Spec', [
    ['Target', spec.target],
    ['Source', sourceText(spec.source)],
    ['Mode', spec.mode],
    ['Strategy', spec.strategy],
    ['Service policy', spec.servicePolicy],
    ['Confirm', spec.confirm],
    ['Safety backup', spec.backupCurrent ? 'yes' : say('NO: a failed restore is not rolled back')],
    ['Tables', spec.tables.join(', ')],
    ['Not before', spec.notBefore],
    ['Not after', spec.notAfter],
    ['Deadline', humanDuration(spec.activeDeadlineSeconds * 1000)],
    ['Requested by', spec.requestedBy],
    ['Reason', spec.reason],
    ['Approvals', required === 0 ? null : `${approvals.length} of ${required} ${approvals.join(', ')}`.trim()],
  ])
}

function outcome(sheet: Sheet, { say }: CliContext, { status }: StoredRequest): void {
  const { resolvedBackup, safetyBackup, progress, dataLoss, escalation, plan, extract } = status
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
      ['Raw copy', safetyBackup?.raw === true ? say('yes: SQLite could not read the database') : null],
      ['SHA-256', safetyBackup?.sha256],
      ['Path', safetyBackup?.path],
    ])
    .section('Extracted file', [
      ['Path', extract?.path],
      ['SHA-256', extract?.sha256],
      ['Size', extract === undefined ? null : humanSize(extract.sizeBytes)],
    ])
    .section('Times', [
      ['Started', status.startTime],
      ['Completed', status.completionTime],
      ['Duration', status.durationSeconds === undefined ? null : `${status.durationSeconds}s`],
      ['Downtime', status.downtimeMs === undefined ? null : `${status.downtimeMs}ms`],
      [
        'Downtime of the application',
        status.applicationDowntimeMs === undefined
          ? null
          : say(`${status.applicationDowntimeMs}ms, until it was healthy`),
      ],
      [
        'Progress',
        progress === undefined
          ? null
          : say(`step ${progress.step} of 5, ${humanSize(progress.bytesDone)} of ${humanSize(progress.bytesTotal)}`),
      ],
    ])
    .section('Application', [
      ['State', status.application?.state],
      ['Message', saidIfAny(say, status.application?.message)],
      ['Looked at', status.application?.at],
    ])
    .list('Plan', plan ?? [])
  if (dataLoss !== undefined) {
    sheet
      .section('Data loss', [
        ['From', dataLoss.from],
        ['To', dataLoss.to],
        ['Not known', saidIfAny(say, dataLoss.remark)],
      ])
      .table(
        'Rows',
        ['TABLE', 'BEFORE', 'AFTER', 'CHANGED', 'VANISH', 'RETURN'],
        dataLoss.tables.map((loss) => [
          loss.table,
          ...[loss.current, loss.restored, loss.changed, loss.vanishing, loss.returning].map((rows) => rows ?? UNKNOWN),
        ]),
      )
  }
  if (escalation !== undefined) {
    sheet.field('Escalation', `${escalation.level}${escalation.acknowledged ? ', acknowledged' : ''}`)
  }
}

function saidIfAny(say: CliContext['say'], text: string | undefined): string | undefined {
  return text === undefined ? undefined : say(text)
}
