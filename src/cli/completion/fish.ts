/** The completion script for fish (fish's complete(1)). */

import { listCommand, type CommandWords, type OptionWords, type Values } from './model.ts'

export function fishScript(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c modosu -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
    ...command.arguments.flatMap((values) => argumentLine(command, values)),
    ...command.options.map((option) => optionLine(command, option)),
  ])
  return ['# fish completion for modosu: modosu completion fish | source', ...lines].join('\n')
}

function condition({ name }: CommandWords): string {
  return `-n '__fish_seen_subcommand_from ${name}'`
}

function argumentLine(command: CommandWords, values: Values): string[] {
  const text = candidates(values)
  return text === '' ? [] : [`complete -c modosu ${condition(command)} -f -a ${text}`]
}

function optionLine(command: CommandWords, { short, long, description, takesValue, values }: OptionWords): string {
  const names = `${short === null ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`
  const text = candidates(values)
  const value = takesValue ? ` -r${text === '' ? '' : ` -f -a ${text}`}` : ''
  return `complete -c modosu ${condition(command)} ${names}${value} -d ${quoted(description)}`
}

function candidates({ words, listed }: Values): string {
  if (listed !== null) return quoted(`(${listCommand(listed, '(commandline -opc)[3]')})`)
  return words.length === 0 ? '' : quoted(words.join(' '))
}

/** fish knows two escapes between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
