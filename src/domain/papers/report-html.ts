/**
 * A report as one HTML file that can be printed and attached: no script, nothing that is fetched, every value escaped. What a
 * request says of itself was written by somebody, and is text here whatever it looks like.
 */

import type { DocumentField, DocumentSection, ReportDocument } from './report-document.ts'

const STYLE = `
body { font-family: "Noto Sans JP", "Hiragino Sans", "Yu Gothic", sans-serif; line-height: 1.5; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff; }
h1 { font-size: 1.4rem; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.3rem; border-bottom: 1px solid #999; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0; padding-left: 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { border: 1px solid #999; padding: 0.2rem 0.4rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } tr, dd { break-inside: avoid; } }
`

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** What the answer that carries it lets a browser do: show it, and nothing else. */
export const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export function reportHtml(report: ReportDocument): string {
  const { language, title, request, fields, sections } = report
  return [
    '<!doctype html>',
    `<html lang="${language}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(`${title} ${request}`)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escaped(title)}</h1>`,
    '<dl>',
    ...fields.map(fieldHtml),
    '</dl>',
    ...sections.flatMap(sectionHtml),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function fieldHtml({ label, value, items }: DocumentField): string {
  const content =
    items === undefined ? escaped(value) : `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
  return `<dt>${escaped(label)}</dt><dd>${content}</dd>`
}

function sectionHtml({ title, pairs = [], table, links = [] }: DocumentSection): readonly string[] {
  const cells = (tag: 'th' | 'td', row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  const rows = table?.rows ?? []
  return [
    `<h2>${escaped(title)}</h2>`,
    ...(pairs.length === 0
      ? []
      : ['<dl>', ...pairs.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`), '</dl>']),
    ...(rows.length === 0
      ? []
      : ['<table>', cells('th', table?.columns ?? []), ...rows.map((row) => cells('td', row)), '</table>']),
    ...(links.length === 0
      ? []
      : ['<ul>', ...links.map(({ title: text, url }) => `<li>${linkHtml(text, url)}</li>`), '</ul>']),
  ]
}

/** A link only where it leads to a page: nothing else that a browser could run or open. */
function linkHtml(title: string, url: string): string {
  const isPage = /^https?:\/\//i.test(url)
  if (!isPage) return escaped(`${title}: ${url}`)
  return `<a href="${escaped(url)}" rel="noreferrer">${escaped(title)}</a> (${escaped(url)})`
}
