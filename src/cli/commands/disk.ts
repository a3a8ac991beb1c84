/** `modosu disk`: how full the file systems are, what uses them, and what pruning would free (manual 8.4; R109). */

import { lstat, readdir, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Command } from 'commander'

import { codeOf, RestoreError } from '../../domain/errors.ts'
import { API_VERSION } from '../../domain/resource.ts'
import { PRUNE_KINDS, sizeOfSet, type PruneKind } from '../../domain/retention.ts'
import type { Target } from '../../domain/target.ts'
import { humanSize } from '../../domain/size.ts'
import { freedBytes, kindsToPrune, type Survey } from '../../retention/survey.ts'
import type { CliContext } from '../context.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'
import { surveyNow, warnOfFailures } from '../retention.ts'
import { tableLines } from '../table.ts'

interface FileSystem {
  readonly role: 'database' | 'backups' | 'state'
  readonly path: string
  /** null: the path is not there, or may not be looked at. */
  readonly sizeBytes: number | null
  readonly availableBytes: number | null
  /** What of it is ours to talk about: the database's files, the backup directory, the state directory. */
  readonly usedHereBytes: number | null
}

interface Usage {
  readonly target: string
  readonly fileSystems: readonly FileSystem[]
  /** By kind; null without a state store: what requests still need is not known then. */
  readonly kinds: readonly KindUsage[] | null
}

interface KindUsage {
  readonly kind: PruneKind
  readonly sets: number
  readonly sizeBytes: number
  readonly freeableBytes: number
}

export function addDiskCommand(program: Command, context: CliContext): void {
  program
    .command('disk')
    .summary('what uses the disk, and what pruning would free')
    .description(
      'Shows for each target the file systems of its database, its backups and the daemon’s state (as df does), what ' +
        'lies there (as du does), and for each kind of file what `modosu prune` would free now. Changes nothing.',
    )
    .option('-t, --target <target>', 'only this target')
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText(
      'after',
      examples(
        { command: 'disk --target itsm-nexus', tells: 'when a restore is refused for want of space (manual 8.4)' },
        { command: 'disk -o json', tells: 'for a script' },
      ),
    )
    .action(async (options: { target?: string; output: ObjectFormat }) => {
      await disk(context, options.target, options.output)
    })
}

async function disk(context: CliContext, targetName: string | undefined, format: ObjectFormat): Promise<void> {
  const targets = context.targets(targetName)
  const survey = await surveyIfKnown(context, targets)
  const usages: Usage[] = []
  for (const target of targets) {
    const fileSystems = await fileSystemsOf(target, context.configuration().stateDir)
    usages.push({ target: target.name, fileSystems, kinds: survey === null ? null : kindsOf(target, survey, context) })
  }
  const { output } = context
  switch (format) {
    case 'json':
      output.line(toJson({ apiVersion: API_VERSION, kind: 'DiskUsage', targets: usages }))
      break
    case 'yaml':
      output.line(toYaml({ apiVersion: API_VERSION, kind: 'DiskUsage', targets: usages }))
      break
    case 'table':
      printTables(context, usages)
  }
  if (survey === null) output.message('there is no state store yet, so it is not known what may be deleted')
  else warnOfFailures(context, survey)
}

async function surveyIfKnown(context: CliContext, targets: readonly Target[]): Promise<Survey | null> {
  try {
    return await surveyNow(context, targets, new Set(PRUNE_KINDS))
  } catch (error) {
    if (error instanceof RestoreError && error.reason === 'NoStateStore') return null
    throw error
  }
}

/** What `modosu prune` without a kind would free; a kind that is turned off frees nothing. */
function kindsOf({ name }: Target, { plan }: Survey, context: CliContext): KindUsage[] {
  const enabled = kindsToPrune(context.configuration().retention, null)
  const own = plan.decisions.filter(({ set }) => set.target === name)
  const freed = freedBytes({ decisions: own.filter(({ set }) => enabled.has(set.kind)) })
  return PRUNE_KINDS.map((kind) => {
    const sets = own.map(({ set }) => set).filter((set) => set.kind === kind)
    const sizeBytes = sets.reduce((sum, set) => sum + sizeOfSet(set), 0)
    return { kind, sets: sets.length, sizeBytes, freeableBytes: freed.get(kind) ?? 0 }
  })
}

async function fileSystemsOf(target: Target, stateDir: string): Promise<FileSystem[]> {
  const sides = ['', '-wal', '-shm', '-journal'].map((suffix) => `${target.database}${suffix}`)
  const sizes = await Promise.all(sides.map(fileSize))
  return [
    await fileSystem('database', dirname(target.database), sum(sizes)),
    await fileSystem('backups', target.backups.path, await treeSize(target.backups.path)),
    await fileSystem('state', stateDir, await treeSize(stateDir)),
  ]
}

async function fileSystem(role: FileSystem['role'], path: string, usedHereBytes: number | null): Promise<FileSystem> {
  try {
    const { blocks, bavail, bsize } = await statfs(path)
    return { role, path, sizeBytes: blocks * bsize, availableBytes: bavail * bsize, usedHereBytes }
  } catch {
    return { role, path, sizeBytes: null, availableBytes: null, usedHereBytes }
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}

/** As `du` counts, by length and not by blocks; links are not followed. null: it may not be looked at. */
async function treeSize(path: string): Promise<number | null> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    let total = 0
    for (const entry of entries) {
      const inner = join(path, entry.name)
      if (entry.isDirectory()) total += (await treeSize(inner)) ?? 0
      else if (entry.isFile()) total += await lengthOf(inner)
    }
    return total
  } catch {
    return null
  }
}

async function lengthOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function printTables({ output }: CliContext, usages: readonly Usage[]): void {
  const size = (bytes: number | null): string => (bytes === null ? '<unknown>' : humanSize(bytes))
  const systems = usages.flatMap(({ target, fileSystems }) =>
    fileSystems.map(({ role, path, sizeBytes, availableBytes, usedHereBytes }) => [
      target,
      role,
      size(usedHereBytes),
      size(availableBytes),
      size(sizeBytes),
      path,
    ]),
  )
  for (const line of tableLines(['TARGET', 'ROLE', 'HERE', 'AVAILABLE', 'SIZE', 'PATH'], systems)) output.line(line)
  const kinds = usages.flatMap(({ target, kinds: own }) =>
    (own ?? []).map(({ kind, sets, sizeBytes, freeableBytes }) => [
      target,
      kind,
      sets,
      humanSize(sizeBytes),
      humanSize(freeableBytes),
    ]),
  )
  if (kinds.length === 0) return
  output.line()
  for (const line of tableLines(['TARGET', 'KIND', 'SETS', 'SIZE', 'PRUNING FREES'], kinds)) output.line(line)
}
