/** `modosu validate`. */

import { statSync } from 'node:fs'

import type { Command } from 'commander'

import { scanBackups } from '../../catalog/scan.ts'
import type { Configuration } from '../../daemon/configuration.ts'
import { RestoreError } from '../../domain/errors.ts'
import { describeNode, describePlacement, isForNode, type NodeIdentity } from '../../domain/node.ts'
import type { Target } from '../../domain/target.ts'
import { isValid, placementOf, type ParsedDocument, type ValidManifest } from '../../manifest/parse.ts'
import { nearest } from '../../manifest/edit-distance.ts'
import { formatProblem } from '../../manifest/problem.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { documentLines, fileLines, readManifests, STDIN, type ManifestFile } from '../manifest-input.ts'
import { tellPassedOver } from '../resources/backups.ts'
import { spoolRuling } from '../spool-rules.ts'

export function addValidateCommand(program: Command, context: CliContext): void {
  program
    .command('validate')
    .summary('check manifests, or the configuration, without a daemon')
    .description(
      'Checks manifests as the daemon would read them and prints what is wrong where; of a file that lies in the spool also ' +
        'whether its owner, mode, kind and name are what the spool takes. Names of targets are checked too ' +
        'where a configuration is found, and requests for other nodes are named. Exit code 7 when anything is invalid. ' +
        'Without files it checks the configuration itself, as the daemon does when it starts; exit code 2 when that is invalid.',
    )
    .option('-f, --filename <files...>', 'files; - for the standard input')
    .addHelpText(
      'after',
      examples(
        { command: 'validate -f inc-4711.yaml', tells: 'before it goes into the spool' },
        { command: 'validate -f requests/*.yaml', tells: 'in CI, over a whole repository' },
        { command: 'validate -f - < inc-4711.yaml', tells: 'from a pipe' },
        { command: 'validate', tells: 'the configuration, before the daemon is started with it' },
      ),
    )
    .action(async ({ filename }: { filename?: string[] }) => {
      if (filename === undefined) {
        const { file, targets } = context.strictConfiguration()
        context.output.line(`${file}: ok: ${targets.map(({ name }) => name).join(', ')}`)
        await tellAllPassedOver(context, targets)
        return
      }
      const configuration = context.configurationIfAny()
      for (const file of await readManifests(context, filename)) {
        const refused = await reportSpoolRules(context, file, configuration)
        report(context, file, configuration, refused)
      }
    })
}

/** A directory that cannot be read here, as in CI, is no fault of the file. */
async function tellAllPassedOver(context: CliContext, targets: readonly Target[]): Promise<void> {
  for (const target of targets) {
    try {
      tellPassedOver(context, target, await scanBackups(target, []))
    } catch (error) {
      if (!(error instanceof RestoreError) || error.reason !== 'BackupDirectoryUnreadable') throw error
    }
  }
}

/**
 * Says what the spool would say of the file before it reads it. A file that lies elsewhere is only warned of: a copy gets
 * another owner and mode.
 *
 * @returns whether the spool refuses the file that lies in it.
 */
async function reportSpoolRules(
  { output }: CliContext,
  { file }: ManifestFile,
  configuration: Configuration | undefined,
): Promise<boolean> {
  if (file === STDIN || configuration === undefined) return false
  const { inSpool, problem } = await spoolRuling(file, configuration)
  if (problem === null || (!inSpool && !isRegular(file))) return false
  if (inSpool) output.say(formatProblem(file, problem))
  else output.warning(`${formatProblem(file, problem)}; so the spool would refuse it as it is`)
  return inSpool
}

/** A pipe is on its way to no spool. */
function isRegular(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true
}

/** @param refused the spool refuses the file, whatever is in it. */
function report(
  context: CliContext,
  file: ManifestFile,
  configuration: Configuration | undefined,
  refused: boolean,
): void {
  if (refused) context.exitCode = 7
  const say = (lines: readonly string[]): void => {
    for (const line of lines) context.output.say(line)
    if (lines.length > 0) context.exitCode = 7
  }
  say(fileLines(file))
  for (const document of file.documents) {
    const good = isValid(document)
    const elsewhere = configuration !== undefined && !isForNode(placementOf(document), configuration.node)
    const lines = good
      ? targetProblems(file.file, document, elsewhere ? undefined : configuration)
      : documentLines(file.file, document)
    say(lines)
    if (good && lines.length === 0 && !refused) sayGood(context, file.file, document)
    if (elsewhere) sayElsewhere(context, file.file, document, configuration.node)
  }
}

function sayGood({ output }: CliContext, file: string, { name, manifest }: ValidManifest): void {
  output.line(`${file}: ${name}: ok`)
  if (!manifest.spec.confirm) output.message(`${file}: ${name}: confirm is false, so it would be rejected`)
}

/** Another node knows its own targets: here, only the form is checked. */
function sayElsewhere({ output }: CliContext, file: string, document: ParsedDocument, node: NodeIdentity): void {
  const placement = describePlacement(placementOf(document))
  output.message(
    `${file}: ${document.name ?? '?'}: for ${placement}; this is ${describeNode(node)}, which leaves it alone`,
  )
}

/** The parser knows the schema, not this installation. */
function targetProblems(
  file: string,
  { manifest, line }: ValidManifest,
  configuration: Configuration | undefined,
): string[] {
  if (configuration === undefined) return []
  const { target } = manifest.spec
  const names = configuration.targets.map(({ name }) => name)
  if (names.includes(target)) return []
  const near = nearest(target, names)
  const problem = {
    line,
    column: 1,
    path: 'spec.target',
    message: `no target ${JSON.stringify(target)} in ${configuration.file}`,
    hint: near === undefined ? `targets are: ${names.join(', ')}` : `did you mean ${near}?`,
  }
  return [formatProblem(file, problem)]
}
