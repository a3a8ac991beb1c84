/** `modosu state`: whether the state store is the one that was written last, and what is held because it is not. */

import type { Command } from 'commander'

import { isHeldForState, stateHold } from '../../controller/state-hold.ts'
import { confirmed } from '../confirmation.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'

export function addStateCommand(program: Command, context: CliContext): void {
  const state = program
    .command('state')
    .summary('whether the state store is the one that was written last')
    .description(
      'Tells whether the state store is older than what was seen of it before, such as after it was put back from a ' +
        'backup. Then nothing runs: requests that wait in it may have run already.',
    )
    .addHelpText(
      'after',
      examples(
        { command: 'state', tells: 'what shows that it is older, and which requests are held' },
        { command: 'state accept', tells: 'go on with it; asks first. What is held stays held' },
      ),
    )
    .action(() => {
      show(context)
    })
  state
    .command('accept')
    .summary('go on with a state store that is older')
    .description(
      'Accepts the state store as it is: requests that come from now on run, and retention works again. What is held stays ' +
        'held, each until it is approved or cancelled.',
    )
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples({ command: 'state accept --yes', tells: 'without asking' }))
    .action(async ({ yes }: { readonly yes?: boolean }) => {
      await accept(context, yes === true)
    })
}

function show(context: CliContext): void {
  const { output } = context
  const reader = context.reader()
  const hold = stateHold(reader)
  if (hold === null) output.say('the state store is the one that was written last')
  else {
    output.say(`the state store is older than what was seen of it before; everything is held since ${hold.since}`)
    for (const sign of hold.signs) output.say(`  ${sign}`)
    output.message('go on with it: modosu state accept   (docs/runbooks/ModosuStateRolledBack.md)')
    context.exitCode = 6
  }
  for (const request of reader.unfinished().filter((each) => isHeldForState(reader, each))) {
    output.say(`held: ${request.name} (${request.phase}, target ${request.spec.target})`)
  }
}

async function accept(context: CliContext, yes: boolean): Promise<void> {
  show(context)
  context.exitCode = 0
  if (!yes && !(await confirmed(context, 'Go on with this state store?'))) {
    context.output.message('cancelled: nothing was changed')
    context.exitCode = 12
    return
  }
  await context.client().acceptState()
  context.output.say(
    'accepted: what comes from now on runs; what is held waits for modosu approve NAME or modosu cancel NAME',
  )
}
