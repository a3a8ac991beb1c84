/** `modosu delete`: calls a request off, as `cancel` does, or has one that has ended leave the lists (decision 0074). */

import type { Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import { isTerminal } from '../../domain/phases.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { requestReference } from '../reference.ts'
import { forEachName, selectedNames, type Selection } from '../request-selection.ts'
import { findRequest } from '../resources/requests.ts'

interface DeleteOptions extends Selection {
  readonly ended?: boolean
  readonly reason?: string
}

export function addDeleteCommand(program: Command, context: CliContext): void {
  program
    .command('delete')
    .summary('call requests off, or have those that have ended leave the lists')
    .description(
      'A request that has not ended is cancelled, as `modosu cancel` does. One that has ended leaves the lists and no longer ' +
        'waits for anybody; its record and its audit stay (`modosu describe request NAME`), and so does its name: its file in the ' +
        'spool never runs again. One that ended L2 or L3 is acknowledged first: `modosu ack NAME`. No file in the spool, no ' +
        'backup and no safety backup is touched.',
    )
    .argument('[requests...]', 'their names')
    .option('-l, --selector <labels>', 'those with these labels')
    .option('--ended', 'with -l: only those that have ended')
    .option('--reason <text>', 'why, for the audit log')
    .addHelpText(
      'after',
      examples(
        {
          command: 'delete inc-4711',
          tells: 'while it waits or before anything is swapped: cancelled; ended: forgotten',
        },
        { command: 'delete -l modosu.dev/scenario=drill --ended', tells: 'the drills that are over leave the lists' },
      ),
    )
    .action(async (requests: readonly string[], options: DeleteOptions) => {
      const concerned = ({ phase }: StoredRequest): boolean => options.ended !== true || isTerminal(phase)
      const names = selectedNames(context, requests, options, concerned)
      if (names.length === 0) context.output.message('no requests found')
      await forEachName(context, names, (name) => remove(context, name, options))
    })
}

async function remove(context: CliContext, name: string, { reason, ended }: DeleteOptions): Promise<void> {
  const { phase, forgottenAt } = findRequest(context.reader(), name)
  if (ended === true && !isTerminal(phase)) {
    throw new RestoreError(`request ${name} has not ended (${phase})`, {
      reason: 'Conflict',
      hint: `modosu cancel ${name}`,
    })
  }
  if (forgottenAt !== null) {
    throw new RestoreError(`restore request not found: ${name}: it was forgotten at ${forgottenAt}`, {
      reason: 'NotFound',
      hint: `its record is kept: modosu describe request ${name}`,
    })
  }
  // The daemon asks again: one that ends meanwhile is not cancelled, and one that goes on is not forgotten.
  await context.client().act(name, isTerminal(phase) ? 'forget' : 'cancel', reason === undefined ? {} : { reason })
  context.output.line(`${requestReference(name)} ${isTerminal(phase) ? 'forgotten' : 'cancellation requested'}`)
}
