/** A report as plain text: the template line for line, to be pasted into a chat or a ticket, then the rest. */

import type { DocumentSection, ReportDocument } from './report-document.ts'

export function reportText({ title, fields, sections }: ReportDocument): string {
  const template = fields.flatMap(({ label, value, items }) =>
    items === undefined ? [`${label} ${value}`] : [label, ...items.map((item) => `  - ${item}`)],
  )
  return [title, '', ...template, ...sections.flatMap((section) => ['', ...sectionLines(section)])].join('\n')
}

function sectionLines({ title, pairs = [], table, links = [] }: DocumentSection): readonly string[] {
  const rows = table?.rows ?? []
  return [
    `【${title}】`,
    ...pairs.map(([label, value]) => `  ${label}: ${value}`),
    ...(rows.length === 0 ? [] : [`  ${(table?.columns ?? []).join(' | ')}`]),
    ...rows.map((row) => `  ${row.join(' | ')}`),
    ...links.map((link) => `  ${link.title}: ${link.url}`),
  ]
}
