/** Follows one request in the state store until something is so, the time is up, or somebody presses Ctrl-C. */

import type { Language } from '../../domain/messages.ts'
import { isTerminal } from '../../domain/phases.ts'
import type { StateReader } from '../../store/reader.ts'
import type { StoredRequest, TransitionRecord } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { untilInterrupted } from '../interrupt.ts'
import { errorLines } from '../error-lines.ts'
import type { Output } from '../output.ts'
import { printable } from '../printable.ts'
import { lookAtChanges } from '../watch.ts'
import { watchDaemon } from './daemon-watch.ts'
import { ProgressView } from './progress-view.ts'
import { stepSinceMs, stepStates } from '../../domain/steps.ts'

/** A request as it stands, and the way that it has come. */
export interface Sight {
  readonly request: StoredRequest
  readonly transitions: readonly TransitionRecord[]
}

export interface FollowOptions {
  readonly timeoutMs: number
  /** Show the five steps; absent: say nothing but why a request waits. */
  readonly progress?: Language
  /** Ends the following. */
  readonly until: (sight: Sight) => boolean
}

export type FollowResult =
  /** `until` said yes. */
  | { readonly kind: 'reached'; readonly sight: Sight }
  /** The request has ended and `until` will never say yes. */
  | { readonly kind: 'ended'; readonly sight: Sight }
  | { readonly kind: 'timeout' | 'interrupted'; readonly sight: Sight | undefined }

/** Waits for a request that is not there yet, too: a file may be settling in the spool. */
export async function follow(context: CliContext, name: string, options: FollowOptions): Promise<FollowResult> {
  const view =
    options.progress === undefined ? undefined : new ProgressView(context.output, options.progress, context.clock)
  const endWatch = watchDaemon(context)
  try {
    return await untilInterrupted((signal) => look(context, name, options, signal, view))
  } finally {
    endWatch()
    view?.end()
  }
}

async function look(
  context: CliContext,
  name: string,
  { timeoutMs, until }: FollowOptions,
  interrupt: AbortSignal,
  view: ProgressView | undefined,
): Promise<FollowResult> {
  const reader = context.reader()
  const timeUp = AbortSignal.timeout(Math.min(timeoutMs, LONGEST_TIMER_MS))
  const waits = new WaitMessages(context)
  const events = new EventMessages(context, name)
  const passed = new PassedOverMessages(context)
  // An object, because what the look finds must be seen outside of it.
  const found: { sight?: Sight; kind?: 'reached' | 'ended' } = {}
  await lookAtChanges(reader, AbortSignal.any([interrupt, timeUp]), () => {
    const request = reader.request(name)
    if (request === undefined) return false
    const sight = { request, transitions: reader.transitions(request.uid) }
    found.sight = sight
    view?.update(stepStates(sight.transitions), request.status.progress, stepSinceMs(sight.transitions))
    waits.say(request)
    passed.say(request)
    if (context.verbose) events.sayNew(reader)
    if (until(sight)) found.kind = 'reached'
    else if (isTerminal(request.phase)) found.kind = 'ended'
    return found.kind !== undefined
  })
  if (found.kind !== undefined && found.sight !== undefined) return { kind: found.kind, sight: found.sight }
  return { kind: interrupt.aborted ? 'interrupted' : 'timeout', sight: found.sight }
}

/** setTimeout's bound, about 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Tells each event once, for whoever wants the details (manual 4.1). */
class EventMessages {
  readonly #output: Output
  readonly #request: string
  #lastId = 0

  constructor({ output }: CliContext, request: string) {
    this.#output = output
    this.#request = request
  }

  sayNew(reader: StateReader): void {
    for (const { id, at, type, reason, message } of reader.events({ request: this.#request, afterId: this.#lastId })) {
      this.#lastId = id
      this.#output.message(`${at} ${type} ${reason}: ${printable(message)}`)
    }
  }
}

/** Tells of each newer backup that is not used, once, and which one is. */
class PassedOverMessages {
  readonly #context: CliContext
  readonly #said = new Set<string>()

  constructor(context: CliContext) {
    this.#context = context
  }

  say({ status: { passedOver = [], resolvedBackup } }: StoredRequest): void {
    const { output, sayings: texts } = this.#context
    const fresh = passedOver.filter(({ backupId }) => !this.#said.has(backupId))
    for (const { backupId, message } of fresh) {
      this.#said.add(backupId)
      output.warning(texts.notUsed(backupId, printable(message)))
    }
    if (fresh.length > 0 && resolvedBackup !== undefined) output.warning(texts.usedInstead(resolvedBackup.backupId))
  }
}

/** Tells why a request waits, once for each reason. */
class WaitMessages {
  readonly #context: CliContext
  #said = ''

  constructor(context: CliContext) {
    this.#context = context
  }

  say({ phase, status }: StoredRequest): void {
    const { reason, message, hint, nextAttemptTime } = status
    if (phase !== 'Pending' || reason === undefined || reason === this.#said) return
    this.#said = reason
    const { output, sayings: texts, language } = this.#context
    const text = message ?? texts.notStarted
    const until = nextAttemptTime === undefined || text.includes(nextAttemptTime) ? '' : texts.until(nextAttemptTime)
    const [first = '', ...rest] = errorLines({ message: printable(text), reason, hint }, language, '')
    output.message(texts.waiting(reason, first.trim(), until))
    for (const line of rest) output.message(printable(line))
  }
}
