/** The configuration as the doctor finds it: a mistake is a finding, and what the daemon last took is used to look at the rest. */

import { lstatSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

import { lastGoodConfiguration } from '../../daemon/config-copy.ts'
import type { Configuration } from '../../daemon/configuration.ts'
import { codeOf, RestoreError } from '../../domain/errors.ts'
import { shellWord } from '../../domain/shell-word.ts'
import type { CliContext } from '../context.ts'
import { absoluteWord } from '../paths.ts'
import type { Finding } from './finding.ts'

export interface ConfigurationLook {
  /** null: neither the file nor a copy can be read. */
  readonly configuration: Configuration | null
  /** Without the word whether the daemon runs: that is not known yet. */
  readonly finding: Finding | null
  readonly looked: string
}

const SHARED = { cause: 'configuration', target: null } as const

export function lookAtConfiguration(context: CliContext): ConfigurationLook {
  const path = context.configPath
  const looked = absoluteWord(path)
  const last = lastGoodConfiguration(path)
  try {
    const configuration = context.strictConfiguration()
    return { configuration, finding: notTaken(context, configuration, last), looked }
  } catch (error) {
    if (!(error instanceof RestoreError)) throw error
    return { configuration: last?.configuration ?? null, finding: mistake(context, error, last?.copy ?? null), looked }
  }
}

function mistake(context: CliContext, error: RestoreError, copy: string | null): Finding {
  const word = absoluteWord(context.configPath)
  if (codeOf(error.cause) === 'EACCES' || isHidden(context.configPath)) {
    const message = `the configuration ${context.configPath} cannot be read by this user`
    return {
      ...SHARED,
      severity: 'unseen',
      message,
      evidence: [],
      command: `sudo modosu doctor --config ${word}`,
      docs: null,
    }
  }
  if (error.reason === 'ConfigurationNotFound') {
    const message = `there is no configuration at ${context.configPath}`
    const command = 'ls -la /etc/modosu; modosu doctor --config FILE'
    return { ...SHARED, severity: 'broken', message, evidence: [], command, docs: 'docs/configuration.md' }
  }
  const [first = '', ...more] = error.message.split('\n')
  const line = /:(\d+):\d+: /.exec(first)?.[1] ?? '1'
  return {
    ...SHARED,
    severity: 'broken',
    message: `the configuration has a mistake: ${first}`,
    evidence: [...more, ...(copy === null ? [] : [`diff ${shellWord(copy)} ${word}`])],
    command: `vi +${line} ${word} && modosu reload --config ${word}`,
    docs: 'docs/runbooks/ModosuConfigReloadFailed.md',
  }
}

/** Whether it may be there, in a directory that this user may not look into. */
function isHidden(path: string): boolean {
  try {
    lstatSync(path)
    return false
  } catch (error) {
    return codeOf(error) === 'EACCES'
  }
}

/** Edited since the daemon read it: what it does is not what the file says. */
function notTaken(
  context: CliContext,
  configuration: Configuration,
  last: ReturnType<typeof lastGoodConfiguration>,
): Finding | null {
  if (last === undefined || isDeepStrictEqual(last.configuration, configuration)) return null
  return {
    ...SHARED,
    severity: 'note',
    message: `the daemon has not taken the configuration ${configuration.file} as it is now`,
    evidence: [`diff ${shellWord(last.copy)} ${shellWord(configuration.file)}`],
    command: `modosu reload --config ${absoluteWord(context.configPath)}`,
    docs: null,
  }
}

/** The daemon goes on with what it last took; only its next start fails. */
export function whileItRuns(finding: Finding, runs: boolean): Finding {
  if (finding.severity !== 'broken' || !runs) return finding
  return {
    ...finding,
    severity: 'warning',
    message: `the daemon goes on with its last good configuration; ${finding.message}`,
  }
}
