/** The language of the page: the browser's, until a person has chosen one. */

import { effect, signal } from '@preact/signals'

import type { Language } from '../../domain/messages.ts'
import { EN, type Catalog } from './en.ts'
import { JA } from './ja.ts'

const KEY = 'modosu.language'
const CATALOGS: Readonly<Record<Language, Catalog>> = { ja: JA, en: EN }

export const LANGUAGES = ['ja', 'en'] as const satisfies readonly Language[]
/** Each in its own words. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { ja: '日本語', en: 'English' }

export const language = signal<Language>(remembered() ?? browsers())

effect(() => {
  document.documentElement.lang = language.value
})

export function chooseLanguage(chosen: Language): void {
  language.value = chosen
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // A browser that keeps nothing shows its own language the next time.
  }
}

/** The texts of the page; read while rendering, so that a change of the language is seen at once. */
export function texts(): Catalog {
  return CATALOGS[language.value]
}

function remembered(): Language | null {
  try {
    return LANGUAGES.find((each) => each === localStorage.getItem(KEY)) ?? null
  } catch {
    return null
  }
}

/** The manual's language where the browser asks for neither. */
function browsers(): Language {
  const first = navigator.languages.map((each) => each.slice(0, 2).toLowerCase())
  return LANGUAGES.find((each) => each === first.find((one) => one === 'ja' || one === 'en')) ?? 'ja'
}
