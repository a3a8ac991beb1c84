/** Holds a command line of a document against the command tree, without running it. */

import type { CommandNode } from '../../packaging/man/command-tree.ts'

/** Every `modosu …` of a shell line: after pipes, in substitutions, behind sudo or a container's exec. */
export function commandLines(line: string): readonly string[] {
  const parts = line.split(/\$\(|[|;&()]+|\s>\s?\S*|\s<\s?\S*/)
  return parts
    .map((part) => part.trim().replace(/^"/, ''))
    .map((part) => part.replace(/^([A-Z_]+=\S+ +)*(sudo +)?(docker (compose )?exec \S+ +|podman exec \S+ +)?/, ''))
    .filter((part) => /^modosu(\s|$)/.test(part))
}

/** What is wrong with it; undefined: nothing. */
export function fault(root: CommandNode, line: string): string | undefined {
  const words = (line.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).slice(1)
  let node = root
  const operands: string[] = []
  const options = () => [...node.options, ...root.options]
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    if (word === '--help' || word === '-h') continue
    if (word.startsWith('-') && word !== '-') {
      const [flag = '', inline] = word.split('=')
      const option = options().find(({ long, short }) => long === flag || short === flag)
      if (option === undefined) return `${node.path.join(' ')} has no option ${flag}`
      if ((option.required || option.optional) && inline === undefined) index += 1
      const value = inline ?? words[index] ?? ''
      if (option.argChoices !== undefined && option.required && !option.argChoices.includes(value) && !isName(value))
        return `${flag} does not take ${value}`
      continue
    }
    const child = operands.length === 0 ? node.commands.find(({ path }) => path.at(-1) === word) : undefined
    if (child !== undefined) node = child
    else if (node.commands.length > 0) return `${node.path.join(' ')} has no command ${word}`
    else operands.push(word)
  }
  const most = node.arguments.some(({ variadic }) => variadic) ? Infinity : node.arguments.length
  if (operands.length > most) return `${node.path.join(' ')} takes no ${operands.at(-1) ?? ''}`
  return wrongChoice(node, operands)
}

/** NAME, BACKUP and `…` stand for what a person puts in. */
function isName(word: string): boolean {
  return /^[A-Z]+$|…|^\$/.test(word)
}

function wrongChoice(node: CommandNode, operands: readonly string[]): string | undefined {
  for (const [index, { argChoices }] of node.arguments.entries()) {
    const word = operands[index]
    if (word === undefined || argChoices === undefined || isName(word)) continue
    // One of a thing is spelt in the singular, too: get request NAME.
    const known = argChoices.some((choice) => choice.split('|').some((one) => one === word || one === `${word}s`))
    if (!known && !word.includes('|')) return `${node.path.join(' ')} does not know ${word}`
  }
  return undefined
}
