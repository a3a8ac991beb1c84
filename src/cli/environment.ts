/** The one place that reads the process's environment. */

import { tmpdir, userInfo } from 'node:os'

import type { Language } from '../domain/messages.ts'
import { languageOfLocale } from './language.ts'

export const DEFAULT_CONFIG = '/etc/modosu/modosu.yaml'

export interface Environment {
  /** MODOSU_LANG. */
  readonly language?: Language | undefined
  /** LC_ALL, LC_MESSAGES, LANG: the first that is set (locale(7)). */
  readonly localeLanguage?: Language | undefined
  readonly configPath: string
  /** Whether a person chose that path; a default that is not there is no mistake of theirs. */
  readonly configChosen: boolean
  /** https://no-color.org, and terminals that can do nothing. */
  readonly noColor: boolean
  readonly dumbTerminal: boolean
  /** Show stacks of unexpected errors. */
  readonly debug: boolean
  /** Who acts: the person behind sudo, else the account. */
  readonly login: string
  readonly temporaryDirectory: string
  /** For the daemon, which passes some of it on to hooks. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Never throws: an account without a name is called by its number. */
export function readEnvironment(): Environment {
  const variables = { ...process.env }
  const chosen = variables['MODOSU_CONFIG'] ?? ''
  const dumbTerminal = variables['TERM'] === 'dumb'
  const locale = [variables['LC_ALL'], variables['LC_MESSAGES'], variables['LANG']].find(
    (each) => each !== undefined && each !== '',
  )
  return {
    language: languageOfLocale(variables['MODOSU_LANG']),
    localeLanguage: languageOfLocale(locale),
    configPath: chosen === '' ? DEFAULT_CONFIG : chosen,
    configChosen: chosen !== '',
    noColor: (variables['NO_COLOR'] ?? '') !== '' || dumbTerminal,
    dumbTerminal,
    debug: (variables['MODOSU_DEBUG'] ?? '') !== '',
    login: loginName(variables['SUDO_USER']),
    temporaryDirectory: tmpdir(),
    variables,
  }
}

/** SUDO_USER is believed of root only: anybody else could have set it to another's name. */
function loginName(sudoUser: string | undefined): string {
  if (process.getuid?.() === 0 && sudoUser !== undefined && sudoUser !== '') return sudoUser
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
