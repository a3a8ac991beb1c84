/** The command tree. A new command is one file under `commands/` and one line here. */

import { Command } from 'commander'

import { addAuditCommand } from './commands/audit.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addDaemonCommand } from './commands/daemon.ts'
import { addDeleteCommand } from './commands/delete.ts'
import { addDescribeCommand } from './commands/describe.ts'
import { addDiffCommand } from './commands/diff.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addDiskCommand } from './commands/disk.ts'
import { addEventsCommand } from './commands/events.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addExtractCommand } from './commands/extract.ts'
import { addGetCommand } from './commands/get.ts'
import { addLogsCommand } from './commands/logs.ts'
import { addPruneCommand } from './commands/prune.ts'
import { addQueryCommand } from './commands/query.ts'
import { addReloadCommand } from './commands/reload.ts'
import { addReportCommand } from './commands/report.ts'
import { addChecklistCommand } from './commands/checklist.ts'
import { addRequestActionCommands } from './commands/request-actions.ts'
import { addRestoreCommand } from './commands/restore.ts'
import { addRollbackCommand } from './commands/rollback.ts'
import { addSchemaCommand } from './commands/schema.ts'
import { addStateCommand } from './commands/state.ts'
import { addApplyCommand, addSubmitCommand } from './commands/submit.ts'
import { addUserCommand } from './commands/user.ts'
import { addValidateCommand } from './commands/validate.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { addVersionCommand } from './commands/version.ts'
import { addWaitCommand } from './commands/wait.ts'
import type { Language } from '../domain/messages.ts'
import type { CliContext, GlobalOptions } from './context.ts'
import { DEFAULT_CONFIG } from './environment.ts'
import { EXIT_CODES } from './help.ts'
import { helpIn } from './help-language.ts'
import { showsManual } from './language.ts'

type AddCommand = (program: Command, context: CliContext) => void

/** In the order of the help: what is needed first comes first. */
const COMMANDS: readonly AddCommand[] = [
  addRestoreCommand,
  addRollbackCommand,
  addGetCommand,
  addDescribeCommand,
  addEventsCommand,
  addLogsCommand,
  addWaitCommand,
  addChecklistCommand,
  addReportCommand,
  addVerifyCommand,
  addCompareCommand,
  addQueryCommand,
  addExtractCommand,
  addPruneCommand,
  addDiskCommand,
  addDoctorCommand,
  addSubmitCommand,
  addApplyCommand,
  addValidateCommand,
  addDiffCommand,
  addRequestActionCommands,
  addDeleteCommand,
  addAuditCommand,
  addUserCommand,
  addStateCommand,
  addExplainCommand,
  addSchemaCommand,
  addDaemonCommand,
  addReloadCommand,
  addVersionCommand,
  addCompletionCommand,
]

/** Builds the tree; nothing runs before `parseAsync`. Errors of usage are thrown as commander's own. */
export function createProgram(context: CliContext, version: string): Command {
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
  for (const add of COMMANDS) add(program, context)
  return program
}
