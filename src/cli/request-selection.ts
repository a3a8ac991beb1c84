/** Which requests a command means: names, `TYPE/NAME`, `-l`, `--all`. */

import { RestoreError } from '../domain/errors.ts'
import { toResource } from '../domain/resource-view.ts'
import type { StoredRequest } from '../store/rows.ts'
import type { CliContext } from './context.ts'
import { plainName } from './reference.ts'
import { labelSelector } from '../manifest/selectors.ts'

export interface Selection {
  readonly selector?: string
  readonly all?: boolean
}

/**
 * The names, without their type; with a selector or `--all`, those of the requests that it picks.
 *
 * @param concerned of all requests, those that the command could do something about.
 * @throws RestoreError `UsageError` where nothing, or two things at once, are said.
 */
export function selectedNames(
  context: CliContext,
  names: readonly string[],
  { selector, all = false }: Selection,
  concerned: (request: StoredRequest) => boolean,
): readonly string[] {
  if ([names.length > 0, selector !== undefined, all].filter(Boolean).length !== 1) {
    throw new RestoreError('which requests? name them, or select them, and not both', {
      reason: 'UsageError',
      hint: 'names: modosu get requests; or -l LABEL=VALUE',
    })
  }
  if (names.length > 0) return names.map(plainName)
  const test = selector === undefined ? () => true : labelSelector(selector)
  return context
    .reader()
    .listed()
    .filter((request) => concerned(request) && test(toResource(request)))
    .map(({ name }) => name)
}

/**
 * Does something for each name, goes on where it fails for one, and throws the first failure at the end.
 *
 * @param each done in the order of the names.
 */
export async function forEachName(
  context: CliContext,
  names: readonly string[],
  each: (name: string) => Promise<void>,
): Promise<void> {
  const failures: RestoreError[] = []
  for (const name of names) {
    try {
      await each(name)
    } catch (error) {
      if (!(error instanceof RestoreError) || names.length === 1) throw error
      failures.push(error)
    }
  }
  const [first, ...others] = failures
  for (const { message } of others) context.output.message(`${context.sayings.error} ${message}`)
  if (first !== undefined) throw first
}
