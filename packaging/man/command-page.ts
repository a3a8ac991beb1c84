/** The page of one command: `modosu.1`, `modosu-restore.1`, … */

import type { Argument, Option } from 'commander'

import { EXIT_CODES } from '../../src/cli/help.ts'
import type { CommandNode } from './command-tree.ts'
import { bold, escaped, italic, Page, type PageHead } from './roff.ts'

/** The file's name without its section: `modosu-get`. */
export function pageName({ path }: CommandNode): string {
  return path.join('-')
}

export function commandPage(node: CommandNode, root: CommandNode, head: Omit<PageHead, 'name' | 'section'>): string {
  const name = pageName(node)
  const page = new Page({ ...head, name, section: 1 })
  page.section('NAME').line(`${escaped(name)} \\- ${escaped(summaryOf(node))}`)
  page.section('SYNOPSIS').line(synopsis(node))
  page.section('DESCRIPTION').line(escaped(node.description))
  if (node === root) describeProgram(page)
  if (node.commands.length > 0) listCommands(page, node)
  if (node.arguments.length > 0) {
    page.section('ARGUMENTS')
    for (const argument of node.arguments) page.term(argumentTerm(argument), argumentMeaning(argument))
  }
  page.section('OPTIONS')
  for (const option of node.options) page.term(optionTerm(option), optionMeaning(option))
  if (node !== root) {
    for (const option of root.options) page.term(optionTerm(option), optionMeaning(option))
  }
  page.term(bold('-h, --help'), 'Tell the same in short.')
  if (node.examples.length > 0) {
    page.section('EXAMPLES')
    for (const { tells, line } of node.examples) page.paragraph(`${escaped(sentence(tells))}:`).verbatim(line)
  }
  exitStatus(page, node === root)
  if (node === root) environmentAndFiles(page)
  seeAlso(page, node, root)
  return page.toString()
}

function summaryOf({ summary }: CommandNode): string {
  return summary.charAt(0).toLowerCase() + summary.slice(1).replace(/\.$/, '')
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function synopsis(node: CommandNode): string {
  const words = [bold(node.path.join(' '))]
  if (node.options.length > 0) words.push(`[${italic('OPTION')}]...`)
  for (const argument of node.arguments) words.push(argumentTerm(argument))
  if (node.commands.length > 0) words.push(italic('COMMAND'), '...')
  return words.join(' ')
}

function argumentTerm(argument: Argument): string {
  const name = italic(argument.name().toUpperCase()) + (argument.variadic ? '...' : '')
  return argument.required ? name : `[${name}]`
}

function argumentMeaning({ description, argChoices, defaultValue }: Argument): string {
  return meaning(description, argChoices, defaultValue)
}

function optionTerm({ flags }: Option): string {
  return flags
    .split(/(<[^>]*>|\[[^\]]*\])/)
    .map((part, index) => (index % 2 === 0 ? (part === '' ? '' : bold(part)) : italic(part.slice(1, -1))))
    .join('')
}

function optionMeaning({ description, argChoices, defaultValue }: Option): string {
  return meaning(description, argChoices, defaultValue)
}

function meaning(description: string, choices: readonly string[] | undefined, preset: unknown): string {
  const parts = [`${sentence(description)}.`]
  if (choices !== undefined) parts.push(`One of: ${choices.join(', ')}.`)
  if (typeof preset === 'string' || typeof preset === 'number') parts.push(`Default: ${preset}.`)
  return escaped(parts.join(' '))
}

function describeProgram(page: Page): void {
  page.paragraph(
    escaped(
      'A restore is asked for by a RestoreRequest, a small YAML file in the spool directory, or by modosu restore. The ' +
        'daemon takes a safety backup, proves the backup on the very bytes that it is going to use, stops the application, ' +
        'swaps the file in with one rename, proves it again and starts the application; when anything fails, it puts ' +
        'everything back. Data goes to the standard output, messages to the standard error. Reading works with the daemon ' +
        'down.',
    ),
  )
}

function listCommands(page: Page, node: CommandNode): void {
  page.section('COMMANDS')
  for (const command of node.commands) {
    page.term(`${bold(pageName(command))}(1)`, `${escaped(sentence(summaryOf(command)))}.`)
  }
}

function exitStatus(page: Page, whole: boolean): void {
  page.section('EXIT STATUS')
  if (!whole) {
    page.line(`0 is done; every other code is told in ${bold('modosu')}(1).`)
    return
  }
  for (const [, code = '', means = ''] of EXIT_CODES.matchAll(/^ *(\d+) {2}(.+)$/gm)) {
    page.term(bold(code), `${escaped(sentence(means))}.`)
  }
}

const VARIABLES = [
  ['MODOSU_CONFIG', 'The configuration, where --config does not name one.'],
  ['NO_COLOR', 'Not empty: no colours.'],
  ['MODOSU_DEBUG', 'Not empty: show where an unexpected error came from.'],
] as const

const FILES = [
  ['/etc/modosu/modosu.yaml', 'The configuration, modosu.yaml(5).'],
  ['/var/spool/modosu', 'Where requests are dropped, modosu-restorerequest(5).'],
  ['/var/lib/modosu', 'The state: state store, audit log, status/NAME.yaml.'],
  ['/run/modosu/api.sock', 'The control socket; who may open it may restore.'],
] as const

function environmentAndFiles(page: Page): void {
  page.section('ENVIRONMENT')
  for (const [name, means] of VARIABLES) page.term(bold(name), escaped(means))
  page.section('FILES')
  for (const [path, means] of FILES) page.term(italic(path), escaped(means))
}

function seeAlso(page: Page, node: CommandNode, root: CommandNode): void {
  const pages = node === root ? [] : ['modosu(1)']
  pages.push('modosu.yaml(5)', 'modosu-restorerequest(5)')
  page
    .section('SEE ALSO')
    .line(pages.map((text) => text.replace(/^(.*)(\(\d\))$/, (_, n, s) => bold(String(n)) + String(s))).join(', '))
  page.paragraph(escaped('The operations manual of an installation: /usr/share/doc/modosu/.'))
}
