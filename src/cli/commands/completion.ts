/** `modosu completion`. */

import { Argument, type Command } from 'commander'

import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { commandWords } from '../completion/model.ts'
import { zshScript } from '../completion/zsh.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export function addCompletionCommand(program: Command, { output }: CliContext): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Prints a script that completes commands, options, and the names of requests, backups and targets.')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SHELLS)))
    .addHelpText(
      'after',
      examples(
        { command: 'completion bash > /etc/bash_completion.d/modosu', tells: 'for everybody on this machine' },
        { command: 'completion fish | source', tells: 'for this shell alone' },
      ),
    )
    .action((shell: keyof typeof SHELLS) => {
      output.line(SHELLS[shell](commandWords(program)))
    })
}
