/** The completion script for bash (bash(1), "Programmable Completion"). */

import { listCommand, TYPED, type CommandWords, type OptionWords, type Values } from './model.ts'

export function bashScript(commands: readonly CommandWords[]): string {
  return `# bash completion for modosu: source <(modosu completion bash)
_modosu() {
  local cur prev command words i
  COMPREPLY=()
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  command=""
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      --config) ((i++)) ;;
      -*) ;;
      *) command="\${COMP_WORDS[i]}"; break ;;
    esac
  done
  words=""
  case "$command" in
    "") words="${commands.map(({ name }) => name).join(' ')}" ;;
${commands.map(commandCase).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _modosu modosu`
}

function commandCase(command: CommandWords): string {
  const valued = command.options.filter(({ takesValue }) => takesValue).map(valueCase)
  const flags = command.options.flatMap(({ short, long }) => (short === null ? [long] : [short, long]))
  const positional = command.arguments.map(expression).filter((text) => text !== '')
  return `    ${command.name})
      case "$prev" in
${valued.join('\n')}
        *) words="${[...positional, ...flags].join(' ')}" ;;
      esac
      ;;`
}

/** Without words of its own bash falls back to file names. */
function valueCase({ short, long, values }: OptionWords): string {
  return `        ${short === null ? long : `${short}|${long}`}) words="${expression(values)}" ;;`
}

function expression({ words, listed }: Values): string {
  if (listed === null) return words.join(' ')
  const list = listCommand(listed, '"${COMP_WORDS[i+1]}"')
  // Before the type is there nothing is asked for.
  return listed === TYPED ? `$( ((COMP_CWORD > i + 1)) && ${list} )` : `$(${list})`
}
