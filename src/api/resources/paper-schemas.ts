/** The shapes of reports and checklists, for the document of the API. */

import { API_VERSION } from '../../domain/resource.ts'
import { NAME, object, route, text, textOrNull } from './schemas.ts'

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
} as const
