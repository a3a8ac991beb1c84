/** `modosu get`. */

import { Argument, InvalidArgumentError, Option, type Command } from 'commander'

import { ACTIVE_PHASES, TERMINAL_PHASES } from '../../domain/phases.ts'
import type { CliContext } from '../context.ts'
import { FORMATS, formatOption, type Format } from '../format.ts'
import { examples } from '../help.ts'
import { runList } from '../list-command.ts'
import type { Filter, Listing } from '../listing.ts'
import { plainName } from '../reference.ts'
import { AUDIT } from '../resources/audit.ts'
import { BACKUPS } from '../resources/backups.ts'
import { EVENTS } from '../resources/events.ts'
import { REQUESTS } from '../resources/requests.ts'
import { SAFETY_BACKUPS } from '../resources/safety-backups.ts'
import { TARGETS } from '../resources/targets.ts'

const LISTINGS: readonly Listing[] = [REQUESTS, BACKUPS, SAFETY_BACKUPS, TARGETS, AUDIT, EVENTS]

const PHASES = [...ACTIVE_PHASES, ...TERMINAL_PHASES]

interface GetOptions {
  readonly output: Format
  readonly watch?: boolean
  readonly target?: string
  readonly phase?: string
  readonly limit?: number
}

export function addGetCommand(program: Command, context: CliContext): void {
  program
    .command('get')
    .summary('list requests, backups, safety backups, targets, audit records or events')
    .description(
      'Lists what there is: requests (restores asked for), backups (sets that can be restored, and why one cannot), ' +
        'safety (copies made before a restore), targets (databases), audit (who did what), events (what happened).',
    )
    .addArgument(resourceArgument())
    .argument('[name]', 'only the one of this name; of audit and events: those of this request')
    .addOption(formatOption(FORMATS, 'table'))
    .option('-w, --watch', 'go on printing what is new or has changed')
    .option('-t, --target <target>', 'only those of this target')
    .addOption(new Option('--phase <phase>', 'requests: only those in this phase').choices(PHASES))
    .option('--limit <n>', 'only the newest n', positiveInteger)
    .addHelpText(
      'after',
      examples(
        { command: 'get requests', tells: 'every restore that was ever asked for' },
        { command: 'get backups --target itsm-nexus', tells: 'which backups can be restored, newest first' },
        { command: 'get request inc-4711 -o yaml', tells: 'one request with its status, as YAML' },
        { command: 'get requests -w', tells: 'follow all requests; end with Ctrl-C' },
        { command: 'get audit --limit 10 -o json', tells: 'the last ten audit records, for jq' },
      ),
    )
    .action(async (resource: string, name: string | undefined, options: GetOptions) => {
      const listing = listingOf(resource)
      const { target, phase, limit } = options
      const filter: Filter = {
        ...(name === undefined ? {} : { name: plainName(name) }),
        ...(target === undefined ? {} : { target }),
        ...(phase === undefined ? {} : { phase }),
        ...(limit === undefined ? {} : { limit }),
      }
      await runList(context, listing, filter, options)
    })
}

/** Every spelling is accepted; the help and the completion show one of each. */
function resourceArgument(): Argument {
  const argument = new Argument('<resource>', 'what to list').choices(
    LISTINGS.flatMap(({ names }) => names.slice(0, 1)),
  )
  return argument.argParser((word: string) => {
    listingOf(word)
    return word
  })
}

function listingOf(word: string): Listing {
  const listing = LISTINGS.find(({ names }) => names.includes(word.toLowerCase()))
  if (listing === undefined) {
    throw new InvalidArgumentError(`Allowed are ${LISTINGS.map(({ names }) => names[0]).join(', ')}.`)
  }
  return listing
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 is expected.')
  return Number(text)
}
