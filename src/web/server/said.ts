/** Messages of the server in the language of the page. The server has the catalogue; what it said once is remembered. */

import { signal } from '@preact/signals'

import { language } from '../texts/language.ts'
import { call, RESOURCES } from './client.ts'

/** Of one call: a message is a few hundred bytes, and a body has at most 64 KiB. */
const MOST_CHARACTERS = 16_000
const MOST_TEXTS = 200

const known = signal<ReadonlyMap<string, string>>(new Map())
const wanted = new Set<string>()
let asking = false

/** A message of the server: in English until the translation is there, or where there is none. */
export function said(text: string): string {
  if (language.value === 'en' || text === '') return text
  const found = known.value.get(text)
  if (found !== undefined) return found
  // What holds no letters needs none; what is too long is data and no message.
  if (!/[a-z]{2}/i.test(text) || text.length > MOST_CHARACTERS) return text
  wanted.add(text)
  queueMicrotask(() => void ask())
  return text
}

async function ask(): Promise<void> {
  if (asking || wanted.size === 0) return
  asking = true
  const texts = portion()
  try {
    const answer = await call<{ readonly texts: readonly string[] }>(`${RESOURCES}/translations`, {
      method: 'POST',
      body: { language: 'ja', texts },
      anonymous: true,
    })
    known.value = new Map([...known.value, ...texts.map((text, index) => [text, answer.texts[index] ?? text] as const)])
  } catch {
    // Shown in English; asked for again the next time that it is shown.
    for (const text of texts) wanted.delete(text)
    return
  } finally {
    for (const text of texts) wanted.delete(text)
    asking = false
  }
  void ask()
}

function portion(): readonly string[] {
  const texts: string[] = []
  let characters = 0
  for (const text of wanted) {
    if (texts.length >= MOST_TEXTS || (texts.length > 0 && characters + text.length > MOST_CHARACTERS)) break
    texts.push(text)
    characters += text.length
  }
  return texts
}
