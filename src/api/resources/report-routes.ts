/** The report of a request (manual 12.2) in the form that the client asks for. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { reportFactsOf } from '../../controller/papers/report-facts.ts'
import type { Language } from '../../domain/messages.ts'
import { reportOf } from '../../domain/papers/report.ts'
import { REPORT_POLICY, reportHtml } from '../../domain/papers/report-html.ts'
import { reportObject } from '../../domain/papers/report-object.ts'
import { reportText } from '../../domain/papers/report-text.ts'
import { NO_SETTINGS, type ReportSettings } from '../../domain/papers/settings.ts'
import type { Clock } from '../../domain/clock.ts'
import type { ChecklistSources } from '../../controller/papers/checklist-sources.ts'
import { checklistSections } from '../../controller/papers/report-sections.ts'
import type { Target } from '../../domain/target.ts'
import type { StateReader } from '../../store/reader.ts'
import type { BackupIndex } from '../backup-index.ts'
import { API_PREFIX } from '../protocol.ts'
import { PAPER_ROUTE } from './paper-schemas.ts'
import { visibleRequest } from '../visible-request.ts'

type ReportFormat = 'json' | 'text' | 'html'

export interface ReportDoor {
  readonly reader: StateReader
  readonly targets: () => readonly Target[]
  readonly backups: BackupIndex
  readonly clock: Clock
  /** Absent: no links, no contacts. */
  readonly reportSettings?: () => ReportSettings
  /** An English text in the language; absent: all texts of the program stay English. */
  readonly say?: (text: string, language: Language) => string
}

interface ReportQuery {
  readonly Params: { readonly name: string }
  readonly Querystring: { readonly format?: ReportFormat; readonly lang?: Language }
}

export function addReportRoutes(app: FastifyInstance, door: ReportDoor): void {
  const { reader, targets, reportSettings, say } = door
  app.get<ReportQuery>(
    `${API_PREFIX}/restorerequests/:name/report`,
    { schema: PAPER_ROUTE.report },
    async (request, reply) => {
      const found = visibleRequest(reader, request, request.params.name)
      const language = request.query.lang ?? acceptedLanguage(request)
      const target = targets().find(({ name }) => name === found.spec.target)
      const facts = reportFactsOf(reader, found, target, reportSettings?.() ?? NO_SETTINGS)
      const wording = { language, say: (text: string) => say?.(text, language) ?? text, timezone: facts.timezone }
      const sections = await checklistSections(checklistSourcesOf(door), found, target, wording)
      const report = reportOf(facts, wording, sections)
      reply.header('content-language', language).header('vary', 'Accept, Accept-Language')
      switch (request.query.format ?? acceptedFormat(request)) {
        case 'json':
          return reply.send(reportObject(report, facts))
        case 'text':
          return asText(reply, 'text/plain', `${reportText(report)}\n`)
        case 'html':
          reply.header('content-security-policy', REPORT_POLICY).header('x-content-type-options', 'nosniff')
          return asText(reply, 'text/html', reportHtml(report))
      }
    },
  )
}

/** The listings of the API stand in for a look at the directory: what decides about a restore is never taken from here. */
export function checklistSourcesOf({ reader, clock, backups, reportSettings }: ReportDoor): ChecklistSources {
  const { contacts } = reportSettings?.() ?? NO_SETTINGS
  return { reader, clock, list: (target) => backups.list(target), contacts }
}

function asText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .type(`${type}; charset=utf-8`)
    .serializer((payload: unknown) => String(payload))
    .send(text)
}

/** What is named first wins; whoever names none of them gets JSON. */
function acceptedFormat({ headers }: FastifyRequest): ReportFormat {
  const types = (headers.accept ?? '').split(',').map((each) => each.split(';')[0]?.trim().toLowerCase())
  for (const type of types) {
    if (type === 'text/html') return 'html'
    if (type === 'text/plain') return 'text'
    if (type === 'application/json') return 'json'
  }
  return 'json'
}

/** The manual's language unless the client prefers English. */
export function acceptedLanguage({ headers }: FastifyRequest): Language {
  const first = (headers['accept-language'] ?? '').split(',')[0]?.trim().toLowerCase() ?? ''
  return first.startsWith('en') ? 'en' : 'ja'
}
