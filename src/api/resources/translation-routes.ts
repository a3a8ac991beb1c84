/** Messages in the language of whoever reads them: they are made and stored in English alone (decision 0066). */

import type { FastifyInstance } from 'fastify'

import { RestoreError } from '../../domain/errors.ts'
import type { Language } from '../../domain/messages.ts'
import { objectOf } from '../body.ts'
import { tellNothingChanged } from '../call-audit.ts'
import { API_PREFIX } from '../protocol.ts'
import { LANGUAGE } from './paper-schemas.ts'
import { object, route, text } from './schemas.ts'

export const MOST_TEXTS = 500
const LANGUAGES: readonly unknown[] = ['ja', 'en'] satisfies readonly Language[]

const texts = { type: 'array', maxItems: MOST_TEXTS, items: text } as const

const SCHEMA = route(
  'translate',
  'Says messages of this program in a language',
  { 200: object({ language: LANGUAGE, texts }) },
  {
    description: 'In the order in which they were sent. What is not known comes back as it was.',
    body: object({ language: { enum: LANGUAGES }, texts }),
  },
)

interface TranslationDoor {
  /** An English text in the language; absent: all texts of the program stay English. */
  readonly say?: (text: string, language: Language) => string
}

export function addTranslationRoutes(app: FastifyInstance, { say }: TranslationDoor): void {
  app.post(`${API_PREFIX}/translations`, { schema: SCHEMA }, (request) => {
    tellNothingChanged(request)
    const { language, texts: sent } = objectOf(request.body)
    if (!isLanguage(language)) throw new RestoreError('language must be ja or en', { reason: 'InvalidArgument' })
    if (!isTexts(sent)) {
      throw new RestoreError(`texts must be a list of at most ${MOST_TEXTS} texts`, { reason: 'InvalidArgument' })
    }
    return { language, texts: sent.map((each) => say?.(each, language) ?? each) }
  })
}

function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MOST_TEXTS && value.every((each) => typeof each === 'string')
}
