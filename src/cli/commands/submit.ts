/** `modosu submit`: what dropping a file into the spool does, through the socket. */

import type { Command } from 'commander'

import type { Language } from '../../domain/messages.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { readManifests, requireOwnNode, requireValid, toManifestObject, withDirectories } from '../manifest-input.ts'
import { conclude, type ResultFormat } from '../request-flow.ts'
import { commonOptions } from './restore.ts'

interface SubmitOptions {
  readonly filename: string[]
  readonly wait?: boolean
  readonly timeout?: number
  readonly output: ResultFormat
  readonly lang: Language
}

export function addSubmitCommand(program: Command, context: CliContext): void {
  addUnderName(program, context, 'submit')
}

/** kubectl's word for it. */
export function addApplyCommand(program: Command, context: CliContext): void {
  addUnderName(program, context, 'apply')
}

function addUnderName(program: Command, context: CliContext, name: 'submit' | 'apply'): void {
  const command = program
    .command(name)
    .summary(name === 'submit' ? 'hand manifests to the daemon' : 'the same as submit')
    .description(
      'Hands manifests to the daemon, which answers at once. The same manifest again does nothing; another spec under a ' +
        'name that is taken is refused, and so is a request for another node.',
    )
    .requiredOption('-f, --filename <files...>', 'files or directories; - for the standard input')
    .option('--wait', 'follow each request to its end')
  for (const option of commonOptions()) command.addOption(option)
  command
    .addHelpText(
      'after',
      examples(
        { command: `${name} -f inc-4711.yaml`, tells: 'submit and return' },
        { command: `${name} -f inc-4711.yaml --wait`, tells: 'submit and follow; the exit code tells the outcome' },
        { command: `${name} -f requests/`, tells: 'every .yaml, .yml and .json file of a directory' },
        { command: `${name} -f - -o json < inc-4711.yaml`, tells: 'from a pipe; print the object' },
      ),
    )
    .action(async (options: SubmitOptions) => {
      await submit(context, options)
    })
}

/** Several requests: the exit code is the first one that is not 0. */
async function submit(
  context: CliContext,
  { filename, wait = false, timeout, output, lang }: SubmitOptions,
): Promise<void> {
  const documents = requireValid(await readManifests(context, withDirectories(filename)))
  requireOwnNode(documents, context.configuration().node)
  if (wait) context.reader()
  const client = context.client()
  for (const document of documents) {
    const { created, resource, warnings } = await client.submit(toManifestObject(document))
    for (const warning of warnings) context.output.warning(warning)
    const code = await conclude(context, resource, {
      wait,
      ...(timeout === undefined ? {} : { timeoutMs: timeout }),
      language: lang,
      format: output,
      verb: created ? 'created' : 'unchanged',
    })
    if (context.exitCode === 0) context.exitCode = code
  }
}
