/** The command tree. A new command is one file under `commands/` and one line here. */

import { Command } from 'commander'

import type { Language } from '../domain/messages.ts'
import type { CliContext, GlobalOptions } from './context.ts'
import { DEFAULT_CONFIG } from './environment.ts'
import { EXIT_CODES } from './help.ts'
import { helpIn } from './help-language.ts'
import { showsManual } from './language.ts'

interface Entry {
  /** The words that choose it. */
  readonly names: readonly string[]
  readonly load: () => Promise<(program: Command, context: CliContext) => void>
}

/** In the order of the help: what is needed first comes first. */
const COMMANDS: readonly Entry[] = [
  { names: ['restore'], load: async () => (await import('./commands/restore.ts')).addRestoreCommand },
  { names: ['rollback'], load: async () => (await import('./commands/rollback.ts')).addRollbackCommand },
  { names: ['get'], load: async () => (await import('./commands/get.ts')).addGetCommand },
  { names: ['describe'], load: async () => (await import('./commands/describe.ts')).addDescribeCommand },
  { names: ['events'], load: async () => (await import('./commands/events.ts')).addEventsCommand },
  { names: ['logs'], load: async () => (await import('./commands/logs.ts')).addLogsCommand },
  { names: ['wait'], load: async () => (await import('./commands/wait.ts')).addWaitCommand },
  { names: ['checklist'], load: async () => (await import('./commands/checklist.ts')).addChecklistCommand },
  { names: ['report'], load: async () => (await import('./commands/report.ts')).addReportCommand },
  { names: ['verify'], load: async () => (await import('./commands/verify.ts')).addVerifyCommand },
  { names: ['compare'], load: async () => (await import('./commands/compare.ts')).addCompareCommand },
  { names: ['query'], load: async () => (await import('./commands/query.ts')).addQueryCommand },
  { names: ['extract'], load: async () => (await import('./commands/extract.ts')).addExtractCommand },
  { names: ['prune'], load: async () => (await import('./commands/prune.ts')).addPruneCommand },
  { names: ['disk'], load: async () => (await import('./commands/disk.ts')).addDiskCommand },
  { names: ['doctor'], load: async () => (await import('./commands/doctor.ts')).addDoctorCommand },
  { names: ['submit'], load: async () => (await import('./commands/submit.ts')).addSubmitCommand },
  { names: ['apply'], load: async () => (await import('./commands/submit.ts')).addApplyCommand },
  { names: ['validate'], load: async () => (await import('./commands/validate.ts')).addValidateCommand },
  { names: ['diff'], load: async () => (await import('./commands/diff.ts')).addDiffCommand },
  {
    names: ['cancel', 'approve', 'suspend', 'resume', 'retry', 'ack'],
    load: async () => (await import('./commands/request-actions.ts')).addRequestActionCommands,
  },
  { names: ['delete'], load: async () => (await import('./commands/delete.ts')).addDeleteCommand },
  { names: ['audit'], load: async () => (await import('./commands/audit.ts')).addAuditCommand },
  { names: ['user'], load: async () => (await import('./commands/user.ts')).addUserCommand },
  { names: ['state'], load: async () => (await import('./commands/state.ts')).addStateCommand },
  { names: ['explain'], load: async () => (await import('./commands/explain.ts')).addExplainCommand },
  { names: ['schema'], load: async () => (await import('./commands/schema.ts')).addSchemaCommand },
  { names: ['daemon'], load: async () => (await import('./commands/daemon.ts')).addDaemonCommand },
  { names: ['reload'], load: async () => (await import('./commands/reload.ts')).addReloadCommand },
  { names: ['version'], load: async () => (await import('./commands/version.ts')).addVersionCommand },
  { names: ['completion'], load: async () => (await import('./commands/completion.ts')).addCompletionCommand },
]

/** The first word that is no option: the command. */
export function commandWord(words: readonly string[]): string | undefined {
  return words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '--config')
}

/**
 * Only the command that is meant, since loading the rest of the program takes longer than most commands run. All of them where none
 * is (the help, a word that is misspelt), and for the completion, which speaks of all.
 */
function meant(words: readonly string[] | null): readonly Entry[] {
  const word = words === null ? undefined : commandWord(words)
  const found = COMMANDS.filter(({ names }) => word !== undefined && names.includes(word))
  return found.length === 0 || word === 'completion' ? COMMANDS : found
}

/**
 * Builds the tree; nothing runs before `parseAsync`. Errors of usage are thrown as commander's own.
 *
 * @param words the command line, for which the commands that it does not mean are left out; null: every command.
 */
export async function createProgram(
  context: CliContext,
  version: string,
  words: readonly string[] | null = null,
): Promise<Command> {
  const { output } = context
  const program = new Command('modosu')
    .description('Restores SQLite databases from declarative RestoreRequests: old or new, never neither.')
    .option('--config <file>', `the configuration (default: $MODOSU_CONFIG, then ${DEFAULT_CONFIG})`)
    .option('-v, --verbose', 'print each event while following, and where an unexpected error came from')
    .version(version, '-V, --version', 'print the version')
    .configureHelp(helpIn(context.say))
    .configureOutput({
      writeOut: (text) => {
        output.write(context.say(text))
      },
      writeErr: (text) => {
        output.message(text.trimEnd())
      },
    })
    .showHelpAfterError('(modosu --help lists the commands, modosu COMMAND --help explains one)')
    .exitOverride()
    .addHelpText('after', EXIT_CODES)
    .on('option:config', (config: string) => {
      // Help and errors of usage come before the command, in the language of the configuration too.
      context.useOptions({ config })
    })
    .hook('preAction', (command, acting) => {
      context.useOptions(command.opts<GlobalOptions>())
      const { lang } = acting.opts<{ lang?: Language }>()
      context.speak(lang, showsManual(acting) ? 'ja' : 'en')
      if (acting.options.some(({ long }) => long === '--lang')) acting.setOptionValue('lang', context.language)
    })
  const adders = await Promise.all(meant(words).map(({ load }) => load()))
  for (const add of adders) add(program, context)
  return program
}
