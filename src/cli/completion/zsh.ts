/** The completion script for zsh (zshcompsys(1), `_arguments`). */

import { listCommand, type CommandWords, type OptionWords, type Values } from './model.ts'

export function zshScript(commands: readonly CommandWords[]): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`)
  return `#compdef modosu
# zsh completion for modosu: modosu completion zsh > "\${fpath[1]}/_modosu"
_modosu_names() {
  local -a names
  case "$1" in
${listedCases(commands)}
  esac
  compadd -a names
}
_modosu() {
  local -a commands
  commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "\${words[2]}" in
${commands.map(commandCase).join('\n')}
  esac
}
compdef _modosu modosu`
}

function listedCases(commands: readonly CommandWords[]): string {
  const values = commands.flatMap((command) => [
    ...command.arguments,
    ...command.options.map((option) => option.values),
  ])
  const listed = [...new Set(values.map((each) => each.listed).filter((each) => each !== null))]
  return listed.map((each) => `    ${each}) names=(\${(f)"$(${listCommand(each, '"${words[2]}"')})"}) ;;`).join('\n')
}

/** \`_arguments\` counts from the command's own word, so the program's is shifted away. */
function commandCase(command: CommandWords): string {
  const specs = [
    ...command.options.map(optionSpec),
    ...command.arguments.map((values, index) =>
      quoted(`${index + 1}:${index === 0 ? 'what' : 'name'}:${action(values)}`),
    ),
  ]
  return `    ${command.name})
      shift words; (( CURRENT-- ))
      _arguments -s ${specs.join(' ')}
      ;;`
}

function optionSpec({ short, long, description, takesValue, values }: OptionWords): string {
  const text = `[${description.replaceAll(/[[\]:]/g, (character) => `\\${character}`)}]`
  const value = takesValue ? `:value:${action(values)}` : ''
  if (short === null) return quoted(`${long}${text}${value}`)
  return `${quoted(`(${short} ${long})`)}{${short},${long}}${quoted(text + value)}`
}

/** With a space before it the function gets its own argument first, and not options of `compadd`. */
function action({ words, listed }: Values): string {
  if (listed !== null) return ` _modosu_names ${listed}`
  return words.length === 0 ? '_files' : `(${words.join(' ')})`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
