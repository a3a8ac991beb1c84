/** From a submitted request to its end: what `restore`, `rollback` and `submit --wait` have in common. */

import type { RequestResource } from '../domain/resource-view.ts'
import type { Language } from '../domain/messages.ts'
import { isTerminal } from '../domain/phases.ts'
import { exitCodeFor, exitCodeOfTimeout } from '../domain/reasons.ts'
import type { ExitCode } from '../domain/reasons/entry.ts'
import { toResource } from '../domain/resource-view.ts'
import type { CliContext } from './context.ts'
import { toJson, toYaml } from './format.ts'
import { follow } from './progress/follow.ts'
import { printOutcome } from './progress/outcome-view.ts'
import { requestReference } from './reference.ts'

/** `text` for people; the others print the object, at its end, for programs. */
export const RESULT_FORMATS = ['text', 'json', 'yaml', 'name'] as const
export type ResultFormat = (typeof RESULT_FORMATS)[number]

export interface FlowOptions {
  readonly wait: boolean
  /** Absent: the request's own deadline and a minute. */
  readonly timeoutMs?: number
  readonly language: Language
  readonly format: ResultFormat
  /** What happened to it just now, as kubectl says it. */
  readonly verb: string
}

const MARGIN_MS = 60_000
/** The schema's default. */
const DEADLINE_SECONDS = 900

/** Prints what was submitted and, where asked to, follows it. @returns the exit code. */
export async function conclude(
  context: CliContext,
  resource: RequestResource,
  options: FlowOptions,
): Promise<ExitCode> {
  const { name } = resource.metadata
  if (!options.wait) {
    printObject(context, resource, options)
    return 0
  }
  context.output.message(`${requestReference(name)} ${options.verb}`)
  const result = await follow(context, name, {
    timeoutMs: options.timeoutMs ?? (resource.spec?.activeDeadlineSeconds ?? DEADLINE_SECONDS) * 1000 + MARGIN_MS,
    ...(options.format === 'text' ? { progress: options.language } : {}),
    until: ({ request }) => isTerminal(request.phase),
  })
  const request = result.sight?.request
  if (request === undefined || !isTerminal(request.phase)) {
    sayThatItGoesOn(context, name, result.kind === 'interrupted' ? 'detached' : 'notInTime')
    return result.kind === 'interrupted' || request === undefined ? 3 : exitCodeOfTimeout(request)
  }
  if (options.format === 'text')
    printOutcome(context.output, request, options.language, context.configuration().spool.path)
  else printObject(context, toResource(request), options)
  return exitCodeFor(request.phase, request.status.reason ?? '', request.status.conditions)
}

function sayThatItGoesOn({ output, sayings }: CliContext, name: string, why: 'detached' | 'notInTime'): void {
  for (const line of [sayings[why], sayings.lookAt(name), sayings.stopIt(name)]) output.message(line)
}

export function printObject(
  { output }: CliContext,
  resource: RequestResource,
  { format, verb }: Pick<FlowOptions, 'format' | 'verb'>,
): void {
  const reference = requestReference(resource.metadata.name)
  switch (format) {
    case 'json':
      output.line(toJson(resource))
      return
    case 'yaml':
      output.line(toYaml(resource))
      return
    case 'name':
      output.line(reference)
      return
    case 'text':
      output.line(`${reference} ${verb}`)
  }
}
