/** The command tree as the manual needs it, read out of commander as the completion is, so that no page is ever out of date. */

import { PassThrough } from 'node:stream'

import type { Argument, Command, Option } from 'commander'

import { CliContext } from '../../src/cli/context.ts'
import type { Environment } from '../../src/cli/environment.ts'
import { Output } from '../../src/cli/output.ts'
import { createProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/domain/clock.ts'

export interface CommandExample {
  readonly tells: string
  /** The whole line, `modosu …`. */
  readonly line: string
}

export interface CommandNode {
  /** As `modosu` or `modosu get`. */
  readonly path: readonly string[]
  readonly summary: string
  readonly description: string
  readonly arguments: readonly Argument[]
  readonly options: readonly Option[]
  readonly examples: readonly CommandExample[]
  readonly commands: readonly CommandNode[]
}

/** Builds the program without running anything; it sees no environment and writes nowhere. */
export async function commandTree(version: string): Promise<CommandNode> {
  const environment: Environment = {
    configPath: '/etc/modosu/modosu.yaml',
    configChosen: false,
    noColor: true,
    dumbTerminal: true,
    debug: false,
    login: 'root',
    temporaryDirectory: '/tmp',
    variables: {},
  }
  const nowhere = new PassThrough()
  const output = new Output(nowhere, nowhere, environment)
  // The standard input is only read by commands that run.
  const context = new CliContext({ environment, output, stdin: process.stdin, system: systemClock })
  return nodeOf(await createProgram(context, version), [])
}

function nodeOf(command: Command, above: readonly string[]): CommandNode {
  const path = [...above, command.name()]
  return {
    path,
    summary: command.summary() || command.description(),
    description: command.description(),
    arguments: command.registeredArguments,
    options: command.options.filter(({ hidden }) => !hidden),
    examples: examplesIn(helpOf(command)),
    commands: command.commands.map((child) => nodeOf(child, path)),
  }
}

/** What `--help` prints, with what commands add to it. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (part) => {
      text += part
    },
  })
  command.outputHelp()
  return text
}

function examplesIn(help: string): CommandExample[] {
  return Array.from(help.matchAll(/^ {2}# (.+)\n {2}(modosu .+)$/gm), ([, tells = '', line = '']) => ({ tells, line }))
}

/** Every node, the root first. */
export function flattened(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(flattened)]
}
