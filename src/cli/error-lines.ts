/**
 * An error as lines for a person. Its message and its hint say what happened and what to do, in the language of the command.
 * Where a message stays English in Japanese (the manual's own texts, what the system says), the catalogue of reasons adds the
 * cause and, where there is no hint, its remedies.
 */

import type { Language } from '../domain/messages.ts'
import { findReason } from '../domain/reasons.ts'
import { sayings } from './texts.ts'
import { said } from './translation/japanese.ts'

export interface Told {
  readonly message: string
  readonly reason: string | undefined
  readonly hint: string | undefined
}

/** What is to be printed, each without its label. */
export interface Said {
  readonly message: string
  readonly cause: readonly string[]
  readonly hints: readonly string[]
}

export function saidError({ message, reason, hint }: Told, language: Language): Said {
  if (language === 'en') return { message, cause: [], hints: hint === undefined ? [] : [hint] }
  const entry = reason === undefined ? undefined : findReason(reason)?.entry.ja
  const translated = said(message, language)
  const foreign = translated === message ? entry : undefined
  return {
    message: translated,
    cause: foreign === undefined ? [] : [foreign.cause],
    hints: hint === undefined ? (foreign?.remedy ?? []) : [said(hint, language)],
  }
}

/** @param label what stands before the first line, coloured or not. */
export function errorLines(told: Told, language: Language, label: string): readonly string[] {
  const texts = sayings(language)
  const { message, cause, hints } = saidError(told, language)
  return [
    `${label} ${message}`,
    ...cause.map((each) => `${texts.cause} ${each}`),
    ...hints.map((each) => `${texts.hint} ${each}`),
  ]
}
