/** The shapes of reports and checklists, for the document of the API. */

import { API_VERSION } from '../../domain/resource.ts'
import { count, NAME, object, ref, route, text, textOrNull, time } from './schemas.ts'

const REPORT = object({
  apiVersion: { const: API_VERSION },
  kind: { const: 'RestoreReport' },
  metadata: object({ name: text, uid: text }),
  target: text,
  mode: text,
  phase: text,
  undoes: { ...textOrNull, description: 'The restore that this one takes back.' },
  level: { enum: ['L1', 'L2', 'L3', null], description: 'Manual 12.1.' },
  acknowledged: { type: ['boolean', 'null'] },
  language: { enum: ['ja', 'en'] },
  title: text,
  fields: {
    type: 'array',
    description: 'The fields of the template of the manual 12.2, in its order.',
    items: object({ key: text, label: text, value: { type: ['string', 'array'], items: text } }),
  },
  sections: { type: 'array', items: { type: 'object' } },
})

const CHECKLIST = object({
  apiVersion: { const: API_VERSION },
  kind: { const: 'Checklist' },
  metadata: object({ name: text, uid: text }),
  target: text,
  phase: text,
  list: { enum: ['pre', 'post'] },
  language: { enum: ['ja', 'en'] },
  title: text,
  complete: { type: 'boolean' },
  open: { type: 'array', description: 'Points that are neither done nor only recommended.', items: count },
  points: {
    type: 'array',
    items: object(
      {
        number: count,
        item: text,
        how: text,
        expected: text,
        by: { enum: ['machine', 'person'], description: 'Who judges the point. Nobody ticks one of the machine.' },
        done: { type: 'boolean' },
        optional: { type: 'boolean' },
        evidence: text,
        tickedBy: textOrNull,
        tickedAt: { anyOf: [time, { type: 'null' }] },
        note: textOrNull,
      },
      ['number', 'item', 'how', 'by', 'done', 'optional', 'evidence', 'tickedBy', 'tickedAt', 'note'],
    ),
  },
})

/** Named in the document, and shared by the routes. */
export const PAPERS: readonly object[] = [{ $id: 'Checklist', ...CHECKLIST }]

const LIST = { enum: ['pre', 'post'], description: 'Left out: pre before the start, post afterwards.' } as const
const numbers = { type: 'array', items: { type: 'integer', minimum: 1, maximum: 10 } } as const

export const LANGUAGE = {
  enum: ['ja', 'en'],
  description: 'Left out: Accept-Language decides between Japanese and English.',
} as const

export const PAPER_ROUTE = {
  report: route(
    'getRestoreRequestReport',
    'Shows the report of a request (manual 12.2)',
    {
      200: {
        description: 'The report',
        content: {
          'application/json': { schema: REPORT },
          'text/plain': { schema: text },
          'text/html': { schema: text },
        },
      },
    },
    {
      params: NAME,
      description: 'JSON, plain text or one HTML file to print, by Accept or format.',
      querystring: {
        type: 'object',
        properties: { format: { enum: ['json', 'text', 'html'] }, lang: LANGUAGE },
      },
    },
  ),
  checklist: route(
    'getRestoreRequestChecklist',
    'Shows the checklist before a restore, or the one after it (manual 10 and 11)',
    { 200: ref('Checklist') },
    { params: NAME, querystring: { type: 'object', properties: { list: LIST, lang: LANGUAGE } } },
  ),
  tick: route(
    'tickRestoreRequestChecklist',
    'Ticks points of a checklist, or takes ticks back',
    { 200: ref('Checklist') },
    {
      params: NAME,
      description:
        '409 for a point that the machine judges, and where it is too early or too late; then nothing is recorded.',
      querystring: { type: 'object', properties: { lang: LANGUAGE } },
      body: {
        type: 'object',
        required: ['list'],
        properties: { list: { enum: ['pre', 'post'] }, tick: numbers, untick: numbers, note: text },
      },
    },
  ),
} as const
