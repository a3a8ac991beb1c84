/** A report for programs. */

import { API_VERSION } from '../resource.ts'
import type { ReportDocument } from './report-document.ts'
import type { ReportFacts } from './report-facts.ts'

export function reportObject(report: ReportDocument, { request, undoes }: ReportFacts): object {
  const { status } = request
  return {
    apiVersion: API_VERSION,
    kind: 'RestoreReport',
    metadata: { name: request.name, uid: request.uid },
    target: request.spec.target,
    mode: request.spec.mode,
    phase: request.phase,
    undoes,
    extract: status.extract ?? null,
    level: status.escalation?.level ?? null,
    acknowledged: status.escalation?.acknowledged ?? null,
    language: report.language,
    title: report.title,
    fields: report.fields.map(({ key, label, value, items }) => ({ key, label, value: items ?? value })),
    sections: report.sections,
  }
}
