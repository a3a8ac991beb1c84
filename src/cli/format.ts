/** The output formats of kubectl: `-o table|wide|json|yaml|name`. */

import { Option } from 'commander'

import { safeJson } from '../domain/unsafe-text.ts'
import { safeYaml } from '../manifest/safe-yaml.ts'

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const
export type Format = (typeof FORMATS)[number]

/** Formats of a command that shows one object or one result. */
export const OBJECT_FORMATS = ['table', 'json', 'yaml'] as const
export type ObjectFormat = (typeof OBJECT_FORMATS)[number]

export function formatOption<F extends string>(formats: readonly F[], initial: F): Option {
  return new Option('-o, --output <format>', 'how to print').choices([...formats]).default(initial)
}

/** For people and for `jq`: two spaces, a line break at the end left to the caller. */
export function toJson(value: unknown): string {
  return safeJson(value, 2)
}

/** Without line folding, so that what is searched for in it is found. */
export function toYaml(value: unknown): string {
  return safeYaml(value, { lineWidth: 0 }).trimEnd()
}
