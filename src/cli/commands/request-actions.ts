/** The commands that act on requests: `cancel`, `approve`, `suspend`, `resume`, `retry`, `ack`. They differ in words alone. */

import type { Command } from 'commander'

import { isTerminal } from '../../domain/phases.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { RequestVerb } from '../client.ts'
import type { CliContext } from '../context.ts'
import { formatOption } from '../format.ts'
import { examples, type Example } from '../help.ts'
import { forEachName, selectedNames, type Selection } from '../request-selection.ts'
import { printObject, RESULT_FORMATS, type ResultFormat } from '../request-flow.ts'
import { needsApproval } from '../next-command.ts'

interface ActionWords {
  readonly verb: RequestVerb
  readonly summary: string
  readonly description: string
  /** What is said of the request when it is done. */
  readonly done: string
  /** Whether a person may say why. */
  readonly reasoned: boolean
  /** Whether all can be meant at once. */
  readonly forAll: boolean
  /** Those that a selector means: the others could only be refused. */
  readonly concerns: (request: StoredRequest) => boolean
  readonly examples: readonly Example[]
}

const ACTIONS: readonly ActionWords[] = [
  {
    verb: 'cancel',
    summary: 'call a restore off before the swap',
    description:
      'Calls a request off. Until the database is swapped nothing has changed and the application is started again if it ' +
      'was stopped; afterwards the restore goes on to its end (undo it with `modosu rollback`).',
    done: 'cancellation requested',
    reasoned: true,
    forAll: false,
    concerns: ({ phase }) => !isTerminal(phase),
    examples: [{ command: 'cancel inc-4711 --reason "wrong backup"', tells: 'stop before anything is changed' }],
  },
  {
    verb: 'approve',
    summary: 'release a held request, or give it a second yes',
    description:
      'Releases a request that is held (a new state store found it in the spool), or counts as one approval of a request ' +
      'that needs some. The requester cannot approve their own.',
    done: 'approved',
    reasoned: false,
    forAll: false,
    concerns: isUnapproved,
    examples: [{ command: 'approve inc-4711', tells: 'the second pair of eyes (manual 2.5)' }],
  },
  {
    verb: 'suspend',
    summary: 'keep a waiting request from starting',
    description: 'Keeps a request that has not started from starting, until `modosu resume`.',
    done: 'suspended',
    reasoned: false,
    forAll: false,
    concerns: ({ phase, suspended }) => phase === 'Pending' && !suspended,
    examples: [{ command: 'suspend inc-4711', tells: 'not now' }],
  },
  {
    verb: 'resume',
    summary: 'let a suspended request start',
    description: 'Lets a suspended request start as soon as nothing else stands against it.',
    done: 'resumed',
    reasoned: false,
    forAll: false,
    concerns: ({ suspended }) => suspended,
    examples: [{ command: 'resume inc-4711', tells: 'now' }],
  },
  {
    verb: 'retry',
    summary: 'ask again for a restore that ended without success',
    description: 'Makes a new request (NAME-retry-1, -2, …) with the spec of one that ended without success.',
    done: 'created',
    reasoned: false,
    forAll: false,
    concerns: ({ phase }) => isTerminal(phase) && phase !== 'Succeeded',
    examples: [
      { command: 'retry inc-4711', tells: 'once the cause is mended' },
      { command: 'wait "$(modosu retry inc-4711 -o name)"', tells: 'and wait for the new one' },
    ],
  },
  {
    verb: 'ack',
    summary: 'acknowledge a result, so that its alert resolves',
    description: 'Says that a person has seen a result and dealt with it: its alert (L1, L2, L3) resolves.',
    done: 'acknowledged',
    reasoned: false,
    forAll: true,
    concerns: ({ status: { escalation } }) => escalation?.acknowledged === false,
    examples: [
      { command: 'ack inc-4711', tells: 'after the checks of manual 11 are done' },
      { command: 'ack --all', tells: 'every result that nobody has acknowledged' },
      { command: 'ack -l team=db', tells: 'those with a label' },
    ],
  },
]

interface ActionOptions extends Selection {
  readonly reason?: string
  readonly output: ResultFormat
}

function isUnapproved(request: StoredRequest): boolean {
  return !isTerminal(request.phase) && (request.held || needsApproval(request))
}

export function addRequestActionCommands(program: Command, context: CliContext): void {
  for (const words of ACTIONS) addAction(program, context, words)
}

function addAction(program: Command, context: CliContext, words: ActionWords): void {
  const { verb, done } = words
  const command = program
    .command(verb)
    .summary(words.summary)
    .description(words.description)
    .argument('[requests...]', 'their names')
    .option('-l, --selector <labels>', "those with these labels: a=b, a!=b, 'a in (b, c)', a, '!a'")
    .addOption(formatOption(RESULT_FORMATS, 'text'))
  if (words.forAll) command.option('--all', 'every one that can be')
  if (words.reasoned) command.option('--reason <text>', 'why, for the audit log')
  command
    .addHelpText('after', examples(...words.examples))
    .action(async (requests: readonly string[], { reason, output: format, ...selection }: ActionOptions) => {
      const body = reason === undefined ? {} : { reason }
      const names = selectedNames(context, requests, selection, words.concerns)
      if (names.length === 0) context.output.message('no requests found')
      await forEachName(context, names, async (name) => {
        printObject(context, await context.client().act(name, verb, body), { format, verb: done })
      })
    })
}
