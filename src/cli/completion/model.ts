/** The command tree as a completion script needs it: plain words, read out of commander so that it is never out of date. */

import type { Argument, Command, Option } from 'commander'

/** What can follow: fixed words, or the names of what there is at that moment. */
export interface Values {
  readonly words: readonly string[]
  /** The word after `modosu get` whose names they are; `TYPED`: the one that was typed. */
  readonly listed: string | null
}

export interface OptionWords {
  readonly short: string | null
  readonly long: string
  readonly description: string
  readonly takesValue: boolean
  readonly values: Values
}

export interface CommandWords {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionWords[]
  readonly arguments: readonly Values[]
}

/** Stands for the type that was typed before the name. */
export const TYPED = '@type'

/** From a placeholder such as `<request>` to what `modosu get` calls it. */
const LISTED: Readonly<Record<string, string>> = {
  request: 'requests',
  requests: 'requests',
  names: TYPED,
  backup: 'backups',
  safety: 'safety',
  target: 'targets',
}

export function commandWords(program: Command): readonly CommandWords[] {
  const globals = program.options.map(optionWords)
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: [...command.options.map(optionWords), ...globals],
    arguments: command.registeredArguments.map(argumentValues),
  }))
}

function optionWords(option: Option): OptionWords {
  const placeholder = /[<[]([a-z]+)/.exec(option.flags)?.[1]
  return {
    short: option.short ?? null,
    long: option.long ?? '',
    description: option.description,
    takesValue: placeholder !== undefined,
    values: { words: option.argChoices ?? [], listed: LISTED[placeholder ?? ''] ?? null },
  }
}

function argumentValues(argument: Argument): Values {
  return { words: argument.argChoices ?? [], listed: LISTED[argument.name()] ?? null }
}

/**
 * A shell command that prints the names. A name with any character that a shell could take for its own is left out: what
 * completes is expanded.
 *
 * @param typed how the shell says the type before the name.
 */
export function listCommand(listed: string, typed: string): string {
  return `modosu get ${listed === TYPED ? typed : listed} -o name 2>/dev/null | sed -e 's#^[a-z.]*/##' -e '/[^A-Za-z0-9._\\/-]/d'`
}
