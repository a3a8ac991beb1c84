/** The commands that act on one request: `cancel`, `approve`, `suspend`, `resume`, `retry`, `ack`. They differ in words alone. */

import type { Command } from 'commander'

import type { RequestVerb } from '../client.ts'
import type { CliContext } from '../context.ts'
import { formatOption } from '../format.ts'
import { examples, type Example } from '../help.ts'
import { plainName } from '../reference.ts'
import { printObject, RESULT_FORMATS, type ResultFormat } from '../request-flow.ts'

interface ActionWords {
  readonly verb: RequestVerb
  readonly summary: string
  readonly description: string
  /** What is said of the request when it is done. */
  readonly done: string
  /** Whether a person may say why. */
  readonly reasoned: boolean
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
    examples: [{ command: 'approve inc-4711', tells: 'the second pair of eyes (manual 2.5)' }],
  },
  {
    verb: 'suspend',
    summary: 'keep a waiting request from starting',
    description: 'Keeps a request that has not started from starting, until `modosu resume`.',
    done: 'suspended',
    reasoned: false,
    examples: [{ command: 'suspend inc-4711', tells: 'not now' }],
  },
  {
    verb: 'resume',
    summary: 'let a suspended request start',
    description: 'Lets a suspended request start as soon as nothing else stands against it.',
    done: 'resumed',
    reasoned: false,
    examples: [{ command: 'resume inc-4711', tells: 'now' }],
  },
  {
    verb: 'retry',
    summary: 'ask again for a restore that ended without success',
    description: 'Makes a new request (NAME-retry-1, -2, …) with the spec of one that ended without success.',
    done: 'created',
    reasoned: false,
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
    examples: [{ command: 'ack inc-4711', tells: 'after the checks of manual 11 are done' }],
  },
]

export function addRequestActionCommands(program: Command, context: CliContext): void {
  for (const words of ACTIONS) addAction(program, context, words)
}

function addAction(program: Command, context: CliContext, words: ActionWords): void {
  const { verb, done } = words
  const command = program
    .command(verb)
    .summary(words.summary)
    .description(words.description)
    .argument('<request>', 'its name')
    .addOption(formatOption(RESULT_FORMATS, 'text'))
  if (words.reasoned) command.option('--reason <text>', 'why, for the audit log')
  command
    .addHelpText('after', examples(...words.examples))
    .action(async (name: string, { reason, output: format }: { reason?: string; output: ResultFormat }) => {
      const body = reason === undefined ? {} : { reason }
      const resource = await context.client().act(plainName(name), verb, body)
      printObject(context, resource, { format, verb: done })
    })
}
