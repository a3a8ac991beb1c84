/** `modosu get`. */

import { Argument, InvalidArgumentError, Option, type Command } from 'commander'

import { messageOf, RestoreError } from '../../domain/errors.ts'
import { ACTIVE_PHASES, TERMINAL_PHASES } from '../../domain/phases.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { runList, type ListOptions } from '../list-command.ts'
import { listFormatOption } from '../list-format.ts'
import { ListPrinter, type Entry, type Filter } from '../listing.ts'
import { ALL_WORD, LISTINGS, typeNames, wantedOf, type Wanted } from '../resource-types.ts'

const PHASES = [...ACTIVE_PHASES, ...TERMINAL_PHASES]

interface GetOptions extends ListOptions {
  readonly target?: string
  readonly phase?: string
  readonly limit?: number
}

export function addGetCommand(program: Command, context: CliContext): void {
  const command = program
    .command('get')
    .summary('list requests, backups, safety backups, targets, audit records or events')
    .description(
      'Lists what there is: requests (restores asked for), backups (sets that can be restored, and why one cannot), ' +
        'safety (copies made before a restore), targets (databases), audit (who did what), events (what happened). ' +
        `Types and their short names: ${typeNames()}; all: the first four.`,
    )
    .addArgument(
      new Argument('<resource>', 'what to list: TYPE, TYPE,TYPE, all, or TYPE/NAME').choices([
        ...LISTINGS.flatMap(({ names }) => names.slice(0, 1)),
        ALL_WORD,
      ]),
    )
    .argument('[names...]', 'only those of these names; of audit and events: those of these requests')
  // The choices are for help and completion: every spelling is taken.
  command.registeredArguments[0]?.argParser((word: string) => word)
  for (const option of listOptions()) command.addOption(option)
  command
    .option('-t, --target <target>', 'only those of this target')
    .addOption(new Option('--phase <phase>', 'requests: only those in this phase').choices(PHASES))
    .option('--limit <n>', 'only the newest n', positiveInteger)
    .addHelpText(
      'after',
      examples(
        { command: 'get requests', tells: 'every restore that was ever asked for' },
        { command: 'get backups --target itsm-nexus', tells: 'which backups can be restored, newest first' },
        { command: 'get request/inc-4711 -o yaml', tells: 'one request with its status, as YAML' },
        { command: 'get rr -l team=db --field-selector status.phase=Failed', tells: 'by label and by field' },
        { command: "get rr -o jsonpath='{.items[*].metadata.name}'", tells: 'one field of each' },
        { command: 'get all', tells: 'targets, requests, safety backups and backups' },
        { command: 'get requests -w', tells: 'follow all requests; end with Ctrl-C' },
        { command: 'get audit --limit 10 -o json', tells: 'the last ten audit records, for jq' },
      ),
    )
    .action(async (resource: string, names: readonly string[], options: GetOptions) => {
      const { target, phase, limit } = options
      const filter: Filter = {
        ...(target === undefined ? {} : { target }),
        ...(phase === undefined ? {} : { phase }),
        ...(limit === undefined ? {} : { limit }),
      }
      await get(context, wantedOf(resource, names), filter, options)
    })
}

/** What every command has that prints lists. */
export function listOptions(): readonly Option[] {
  return [
    listFormatOption(),
    new Option('-w, --watch', 'go on printing what is new or has changed'),
    new Option('-l, --selector <labels>', "only those with these labels: a=b, a!=b, 'a in (b, c)', a, '!a'"),
    new Option('--field-selector <fields>', 'only those with these fields, of -o json: status.phase=Failed'),
    new Option('--sort-by <path>', 'in the order of a field of -o json: .metadata.name'),
    new Option('--no-headers', 'a table without its first line'),
  ]
}

async function get(context: CliContext, wanted: readonly Wanted[], filter: Filter, options: GetOptions): Promise<void> {
  const [first, second] = wanted
  if (first === undefined) return
  if (second === undefined) {
    await runList(context, first.listing, first.name === null ? filter : { ...filter, name: first.name }, options)
    return
  }
  if (options.watch === true) {
    throw new RestoreError('one type, or one name, can be watched', { reason: 'UsageError' })
  }
  await getSeveral(context, wanted, filter, options)
}

/** What is there is printed, and what is not is said; the exit code is that of the first that is not. */
async function getSeveral(
  context: CliContext,
  wanted: readonly Wanted[],
  filter: Filter,
  options: GetOptions,
): Promise<void> {
  const failures: RestoreError[] = []
  const found = new Map<Wanted['listing'], Entry[]>()
  for (const { listing, name } of wanted) {
    try {
      const entries = await listing.load(context, name === null ? filter : { ...filter, name })
      found.set(listing, [...(found.get(listing) ?? []), ...entries])
    } catch (error) {
      if (!(error instanceof RestoreError)) throw error
      failures.push(error)
    }
  }
  ListPrinter.printAll(context, found, options)
  const [first, ...others] = failures
  for (const error of others) context.output.message(`${context.sayings.error} ${messageOf(error)}`)
  if (first !== undefined) throw first
}

export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('A whole number from 1 is expected.')
  return Number(text)
}
