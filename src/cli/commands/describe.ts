/** `modosu describe`. */

import { Argument, type Command } from 'commander'

import type { CliContext } from '../context.ts'
import { describeBackup } from '../describe/backup.ts'
import { describeRequest } from '../describe/request.ts'
import { describeTarget } from '../describe/target.ts'
import { examples } from '../help.ts'
import { plainName } from '../reference.ts'

const KINDS = ['request', 'backup', 'target'] as const

export function addDescribeCommand(program: Command, context: CliContext): void {
  program
    .command('describe')
    .summary('show everything about one request, backup or target')
    .description('Shows everything that is known of one request (its story and what to do next), backup or target.')
    .addArgument(new Argument('<kind>', 'what it is').choices([...KINDS, 'rr']))
    .argument('<name>', 'its name, as `modosu get` lists it')
    .option('-t, --target <target>', 'backup: of this target')
    .addHelpText(
      'after',
      examples(
        { command: 'describe request inc-4711', tells: 'conditions, checks, events, and the next command' },
        { command: 'describe backup BKP-20260215-020015-daily', tells: 'why a backup cannot be restored' },
        { command: 'describe target itsm-nexus', tells: 'how far back one would have to go now' },
      ),
    )
    .action(async (kind: (typeof KINDS)[number] | 'rr', name: string, options: { target?: string }) => {
      for (const line of await describe(context, kind, plainName(name), options.target)) context.output.line(line)
    })
}

async function describe(
  context: CliContext,
  kind: (typeof KINDS)[number] | 'rr',
  name: string,
  target: string | undefined,
): Promise<readonly string[]> {
  switch (kind) {
    case 'rr':
    case 'request':
      return describeRequest(context, name)
    case 'backup':
      return describeBackup(context, name, target)
    case 'target':
      return describeTarget(context, name)
  }
}
