/** `modosu delete`: calls a request off, as `cancel` does. One that has ended is the record of what happened, and stays. */

import type { Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import { isTerminal } from '../../domain/phases.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { requestReference } from '../reference.ts'
import { forEachName, selectedNames, type Selection } from '../request-selection.ts'
import { findRequest } from '../resources/requests.ts'

interface DeleteOptions extends Selection {
  readonly reason?: string
}

export function addDeleteCommand(program: Command, context: CliContext): void {
  program
    .command('delete')
    .summary('call requests off, as cancel does')
    .description(
      'Cancels requests that have not ended. One that has ended is kept: its name stays taken, so that it never runs ' +
        'twice, and the audit log refers to it; its alert is resolved with `modosu ack`. A file in the spool is not touched.',
    )
    .argument('[requests...]', 'their names')
    .option('-l, --selector <labels>', 'those with these labels that have not ended')
    .option('--reason <text>', 'why, for the audit log')
    .addHelpText(
      'after',
      examples({ command: 'delete inc-4711', tells: 'while it waits, or before anything is swapped' }),
    )
    .action(async (requests: readonly string[], options: DeleteOptions) => {
      const names = selectedNames(context, requests, options, ({ phase }) => !isTerminal(phase))
      if (names.length === 0) context.output.message('no requests found')
      await forEachName(context, names, (name) => remove(context, name, options.reason))
    })
}

async function remove(context: CliContext, name: string, reason: string | undefined): Promise<void> {
  const { phase, status } = findRequest(context.reader(), name)
  if (isTerminal(phase)) {
    const open = status.escalation !== undefined && !status.escalation.acknowledged
    throw new RestoreError(`request ${name} has ended (${phase}) and is kept as the record of what happened`, {
      reason: 'Conflict',
      hint: open
        ? `resolve its alert: modosu ack ${name}`
        : `nothing is left to do; look: modosu describe request ${name}`,
    })
  }
  await context.client().act(name, 'cancel', reason === undefined ? {} : { reason })
  context.output.line(`${requestReference(name)} cancellation requested`)
}
