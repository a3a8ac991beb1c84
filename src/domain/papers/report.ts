/**
 * The report of a restore (manual 12.2) as a document: pure, so that the command line, the API and a page show the same
 * words.
 */

import { isTerminal } from '../phases.ts'
import { isSpecRead } from '../resource.ts'
import { humanSize } from '../size.ts'
import { dutyOf } from './escalation.ts'
import type { DocumentField, DocumentSection, ReportDocument } from './report-document.ts'
import { fieldValue, sourceText } from './report-fields.ts'
import type { ReportFacts } from './report-facts.ts'
import { lossRows } from './report-loss.ts'
import { fieldLabel, REPORT_FIELDS, reportWords, type ReportWords } from './report-words.ts'
import type { Wording } from './verdicts.ts'
import { minuteOf, oneLine, secondOf, seconds } from './wording.ts'

/** @param extra sections of others, such as checklists; they come before the course of events. */
export function reportOf(facts: ReportFacts, wording: Wording, extra: readonly DocumentSection[] = []): ReportDocument {
  const words = reportWords(wording.language)
  const fields = REPORT_FIELDS.map((key): DocumentField => {
    const value = fieldValue(key, facts, wording)
    const label = fieldLabel(key, wording.language)
    return typeof value === 'string' ? { key, label, value } : { key, label, value: '', items: value }
  })
  const sections = [...known(facts, words, wording), ...extra, ...story(facts, words, wording)]
  const { language } = wording
  return { language, request: facts.request.name, title: words.title, fields, sections: sections.filter(hasContent) }
}

function hasContent({ pairs = [], table, links = [] }: DocumentSection): boolean {
  return pairs.length + (table?.rows.length ?? 0) + links.length > 0
}

type Pair = readonly [label: string, value: string | undefined]

function present(pairs: readonly Pair[]): readonly (readonly [string, string])[] {
  return pairs.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, oneLine(value)] as const],
  )
}

function known(facts: ReportFacts, words: ReportWords, { language, say }: Wording): readonly DocumentSection[] {
  const { request, timezone } = facts
  const { status, spec, name } = request
  const { labels, sections } = words
  const isRead = isSpecRead(request)
  const { application, safetyBackup, escalation, extract } = status
  const duty = escalation === undefined ? undefined : dutyOf(escalation.level, language)
  const duration = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : labels.seconds(seconds(ms))
  return [
    {
      key: 'request',
      title: sections.request,
      pairs: present([
        [labels.name, name],
        [labels.target, isRead ? spec.target : words.unknown],
        [labels.mode, isRead ? spec.mode : words.unknown],
        [labels.source, isRead ? sourceText(spec.source) : words.unknown],
        [labels.requestedBy, spec.requestedBy],
        [labels.why, spec.reason],
        [
          labels.level,
          duty === undefined ? undefined : `${escalation?.level ?? ''} / ${duty.responder} / ${duty.timeFrame}`,
        ],
        [labels.hint, status.hint === undefined ? undefined : say(status.hint)],
      ]),
    },
    {
      key: 'times',
      title: sections.times,
      pairs: present([
        [labels.started, minuteOf(status.startTime, timezone)],
        [labels.completed, minuteOf(status.completionTime, timezone)],
        [labels.forgotten, minuteOf(request.forgottenAt ?? undefined, timezone)],
        [labels.duration, duration(status.durationSeconds === undefined ? undefined : status.durationSeconds * 1000)],
        [labels.downtime, duration(status.downtimeMs)],
        [labels.applicationDowntime, duration(status.applicationDowntimeMs)],
      ]),
    },
    {
      key: 'rowLoss',
      title: sections.rowLoss,
      table: { columns: words.columns.rowLoss, rows: lossRows(status.dataLoss?.tables ?? [], words.unknown) },
    },
    {
      key: 'application',
      title: sections.application,
      pairs: present([
        [labels.state, application?.state],
        [labels.message, application === undefined ? undefined : say(application.message)],
        [labels.hint, application?.hint === undefined ? undefined : say(application.hint)],
      ]),
    },
    {
      key: 'safetyBackup',
      title: sections.safetyBackup,
      pairs: present([
        [
          labels.safetyName,
          safetyBackup?.path ??
            (!isRead || spec.mode !== 'Restore' || !isTerminal(request.phase)
              ? undefined
              : spec.backupCurrent
                ? labels.notMade
                : labels.waived),
        ],
        ['SHA-256', safetyBackup?.sha256],
      ]),
    },
    {
      key: 'extract',
      title: sections.extract,
      pairs: present([
        [labels.safetyName, extract?.path],
        ['SHA-256', extract?.sha256],
        [labels.size, extract === undefined ? undefined : humanSize(extract.sizeBytes)],
      ]),
    },
    {
      key: 'checks',
      title: sections.checks,
      table: {
        columns: words.columns.checks,
        rows: status.checks.map((check) => [check.name, check.result, oneLine(say(check.message))]),
      },
    },
  ]
}

function story(facts: ReportFacts, words: ReportWords, { say }: Wording): readonly DocumentSection[] {
  const { acts, events, timezone, settings } = facts
  const { sections, columns, unknown } = words
  const time = (at: string): string => secondOf(at, timezone) ?? unknown
  return [
    {
      key: 'people',
      title: sections.people,
      table: {
        columns: columns.people,
        rows: acts.map(({ at, actor, operation, message }) => [
          time(at),
          oneLine(actor),
          words.acts[operation] ?? operation,
          oneLine(say(message)),
        ]),
      },
    },
    {
      key: 'events',
      title: sections.events,
      table: {
        columns: columns.events,
        rows: events.map(({ at, type, reason, message }) => [time(at), type, reason, oneLine(say(message))]),
      },
    },
    {
      key: 'contacts',
      title: sections.contacts,
      pairs: settings.contacts.map(({ name, contact }) => [oneLine(name), oneLine(contact)] as const),
    },
    {
      key: 'links',
      title: sections.links,
      links: settings.links.map(({ title, url }) => ({ title: oneLine(title), url: oneLine(url) })),
    },
  ]
}
