/**
 * An error as lines for a person. In English the message and the hint say it. In Japanese the catalogue says cause and
 * remedy of the reason; the message, which holds names and figures, follows as the detail, and of the hint what can be typed.
 */

import type { Language } from '../domain/messages.ts'
import { findReason } from '../domain/reasons.ts'
import { printable } from './printable.ts'
import { sayings } from './texts.ts'

export interface Told {
  readonly message: string
  readonly reason: string | undefined
  readonly hint: string | undefined
}

/** @param label what stands before the first line, coloured or not. */
export function errorLines(told: Told, language: Language, label: string): readonly string[] {
  const { message, hint } = told
  const texts = sayings(language)
  if (language === 'en') return [`${label} ${message}`, ...(hint === undefined ? [] : [`${texts.hint} ${hint}`])]
  const entry = told.reason === undefined ? undefined : findReason(told.reason)?.entry.ja
  if (entry === undefined) return [`${label} ${message}`, ...typed(hint).map((line) => `${texts.hint} ${line}`)]
  return [
    `${label} ${entry.cause}`,
    ...message.split('\n').map((line) => `詳細: ${line}`),
    ...entry.remedy.map((line) => `${texts.hint} ${line}`),
    ...meant(hint).map((word) => `もしかして: ${word}`),
    ...typed(hint).map((command) => `実行例: ${command}`),
  ]
}

/** The name that was probably meant. */
function meant(hint: string | undefined): readonly string[] {
  return Array.from((hint ?? '').matchAll(/did you mean ([^?]+)\?/g), ([, word = '']) => printable(word))
}

/** Programs that hints name. */
const COMMAND =
  /(?:sudo )?\b(?:modosu|systemctl|journalctl|fuser|ls|df|du|chmod|chown|lsof|ulimit|uptime|node)\b(?: (?:'[^']*'|[^\s;,()（）]+))+|--[a-z][a-z-]*(?: [A-Z]+)?/g

/** The commands and options of a hint, as they stand in it. */
function typed(hint: string | undefined): readonly string[] {
  return Array.from((hint ?? '').matchAll(COMMAND), ([text]) => printable(text).replace(/[:.]$/, ''))
}
