/** `modosu describe`. */

import { Argument, type Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import type { CliContext } from '../context.ts'
import { describeBackup } from '../describe/backup.ts'
import { describeRequest } from '../describe/request.ts'
import { describeTarget } from '../describe/target.ts'
import { examples } from '../help.ts'
import { plainName } from '../reference.ts'
import { forEachName } from '../request-selection.ts'
import { listingOf } from '../resource-types.ts'

const KINDS = ['request', 'backup', 'target'] as const

export function addDescribeCommand(program: Command, context: CliContext): void {
  const command = program
    .command('describe')
    .summary('show everything about one request, backup or target')
    .description('Shows everything that is known of one request (its story and what to do next), backup or target.')
    .addArgument(new Argument('<kind>', 'what it is, or KIND/NAME').choices([...KINDS]))
    .argument('[names...]', 'names, as `modosu get` lists them')
    .option('-t, --target <target>', 'backup: of this target')
    .addHelpText(
      'after',
      examples(
        { command: 'describe request inc-4711', tells: 'conditions, checks, events, and the next command' },
        { command: 'describe rr/inc-4711 target/itsm-nexus', tells: 'several, of several kinds' },
        { command: 'describe backup BKP-20260215-020015-daily', tells: 'why a backup cannot be restored' },
        { command: 'describe target itsm-nexus', tells: 'how far back one would have to go now' },
      ),
    )
    .action(async (kind: string, names: readonly string[], options: { target?: string }) => {
      const wanted = subjects(kind, names)
      await forEachName(
        context,
        wanted.map(({ kind: each, name }) => `${each}/${name}`),
        async (reference) => {
          const { kind: each, name } = subject(reference)
          const lines = await describe(context, each, name, options.target)
          if (reference !== `${wanted[0]?.kind ?? ''}/${wanted[0]?.name ?? ''}`) context.output.line()
          for (const line of lines) context.output.line(line)
        },
      )
    })
  command.registeredArguments[0]?.argParser((word: string) => word)
}

type Kind = (typeof KINDS)[number]

interface Subject {
  readonly kind: Kind
  readonly name: string
}

/** @throws RestoreError `UsageError`. */
function subjects(kind: string, names: readonly string[]): readonly Subject[] {
  if (kind.includes('/')) return [kind, ...names].map(subject)
  if (names.length > 0) return names.map((name) => ({ kind: kindOf(kind), name: plainName(name) }))
  kindOf(kind)
  throw new RestoreError(`which ${kind}? a name is missing`, {
    reason: 'UsageError',
    hint: `list them: modosu get ${kind}`,
  })
}

function subject(reference: string): Subject {
  const slash = reference.indexOf('/')
  if (slash < 1) throw new RestoreError(`KIND/NAME is expected, not ${reference}`, { reason: 'UsageError' })
  return { kind: kindOf(reference.slice(0, slash)), name: reference.slice(slash + 1) }
}

function kindOf(word: string): Kind {
  if (word === 'spoolfile') return 'request'
  const { names } = listingOf(word)
  const kind = KINDS.find((each) => names.includes(each))
  if (kind !== undefined) return kind
  throw new RestoreError(`a ${word} cannot be described`, {
    reason: 'UsageError',
    hint: `kinds are: ${KINDS.join(', ')}; for the others: modosu get ${word} -o yaml`,
  })
}

async function describe(
  context: CliContext,
  kind: Kind,
  name: string,
  target: string | undefined,
): Promise<readonly string[]> {
  switch (kind) {
    case 'request':
      return describeRequest(context, name)
    case 'backup':
      return describeBackup(context, name, target)
    case 'target':
      return describeTarget(context, name)
  }
}
