/**
 * In which language a command speaks (decision 0063): `--lang`, `MODOSU_LANG`, `language` of the configuration, then the locale.
 * Where none of them says, commands that show the manual's texts speak Japanese, as the manual does, and all others English.
 */

import { Option, type Command } from 'commander'

import type { Language } from '../domain/messages.ts'

export const LANGUAGES: readonly Language[] = ['ja', 'en']

export function languageOption(): Option {
  return new Option('--lang <language>', 'ja or en; else MODOSU_LANG, the configuration, the locale').choices(LANGUAGES)
}

/**
 * The language of a locale as `ja_JP.UTF-8`.
 *
 * @returns undefined for none, and for `C` and `POSIX`, which are no language; English for every other that is not Japanese.
 */
export function languageOfLocale(locale: string | undefined): Language | undefined {
  if (locale === undefined || locale === '' || /^(C|POSIX)([.@]|$)/.test(locale)) return undefined
  return /^ja([_.@-]|$)/i.test(locale) ? 'ja' : 'en'
}

/** Whether a command, with the options that it was given, shows texts of the manual. */
export function showsManual(command: Command): boolean {
  const { progress, wait, lang } = command.opts<{ progress?: boolean; wait?: boolean; lang?: Language }>()
  if (!command.options.some(({ long }) => long === '--lang')) return false
  switch (command.name()) {
    case 'wait':
      return progress === true || lang !== undefined
    case 'submit':
    case 'apply':
      return wait === true || lang !== undefined
    default:
      return true
  }
}
