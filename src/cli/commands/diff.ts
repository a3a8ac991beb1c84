/** `modosu diff`. */

import type { Command } from 'commander'

import type { ValidManifest } from '../../manifest/parse.ts'
import type { StoredRequest } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import { toYaml } from '../format.ts'
import { examples } from '../help.ts'
import { unifiedDiff } from '../line-diff.ts'
import { readManifests, requireValid } from '../manifest-input.ts'

export function addDiffCommand(program: Command, context: CliContext): void {
  program
    .command('diff')
    .summary('compare manifests with what the daemon has stored')
    .description(
      'Compares each manifest, its defaults filled in, with the stored request of its name. Exit code 0: the same; 1: ' +
        'different, or not stored yet.',
    )
    .requiredOption('-f, --filename <files...>', 'files; - for the standard input')
    .addHelpText('after', examples({ command: 'diff -f inc-4711.yaml', tells: 'what an edit would change' }))
    .action(async ({ filename }: { filename: string[] }) => {
      const documents = requireValid(await readManifests(context, filename))
      const reader = context.reader()
      for (const document of documents) {
        if (show(context, document, reader.request(document.name))) context.exitCode = 1
      }
    })
}

/** @returns whether there is a difference. */
function show({ output }: CliContext, document: ValidManifest, stored: StoredRequest | undefined): boolean {
  const before = stored === undefined ? [] : linesOf(stored.labels, stored.annotations, stored.spec)
  const { labels, annotations } = document.manifest.metadata
  const lines = unifiedDiff(before, linesOf(labels, annotations, document.manifest.spec))
  if (lines.length === 0) return false
  output.line(`--- ${document.name} (${stored === undefined ? 'not stored' : `generation ${stored.generation}`})`)
  output.line(`+++ ${document.name}`)
  for (const line of lines) {
    const style = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : line.startsWith('@') ? 'cyan' : null
    output.line(style === null ? line : output.onStdout(style, line))
  }
  return true
}

/** Keys in one order: two spellings of the same spec do not differ. */
function linesOf(labels: object, annotations: object, spec: object): string[] {
  return toYaml(sorted({ metadata: { labels, annotations }, spec })).split('\n')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, sorted(field)]),
  )
}
