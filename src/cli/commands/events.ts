/** `modosu events`: `get events` under the name that people look for. */

import type { Command } from 'commander'

import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { runList, type ListOptions } from '../list-command.ts'
import { plainName } from '../reference.ts'
import { EVENTS } from '../resources/events.ts'
import { listOptions, positiveInteger } from './get.ts'

interface EventsOptions extends ListOptions {
  readonly for?: string
  readonly target?: string
  readonly limit?: number
}

export function addEventsCommand(program: Command, context: CliContext): void {
  const command = program
    .command('events')
    .summary('show what happened, oldest first')
    .description('Shows events: every step of every restore, and every file of the spool that was refused.')
    .option('--for <request>', 'only those of this request')
    .option('-t, --target <target>', 'only those of this target')
    .option('--limit <n>', 'only the newest n', positiveInteger)
  for (const option of listOptions()) command.addOption(option)
  command
    .addHelpText(
      'after',
      examples(
        { command: 'events --for inc-4711', tells: 'the story of one restore' },
        { command: 'events -w', tells: 'follow everything that happens' },
      ),
    )
    .action(async ({ for: request, target, limit, ...options }: EventsOptions) => {
      const filter = {
        ...(request === undefined ? {} : { name: plainName(request) }),
        ...(target === undefined ? {} : { target }),
        ...(limit === undefined ? {} : { limit }),
      }
      await runList(context, EVENTS, filter, options)
    })
}
