/** `modosu daemon`: the service itself, in the foreground. */

import type { Command } from 'commander'

import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import { onHangup, untilInterrupted } from '../interrupt.ts'
import { said } from '../translation/japanese.ts'

export function addDaemonCommand(program: Command, context: CliContext): void {
  program
    .command('daemon')
    .summary('run the daemon')
    .description(
      'Runs the daemon in the foreground until SIGTERM or SIGINT: watches the spool, carries out requests, serves the ' +
        'control socket and the metrics. Reads its configuration anew on SIGHUP. Logs go to stdout. A restore that has begun to change anything is carried to its ' +
        'end first.',
    )
    .option(
      '--insecure-permissions',
      'start although others may write to the paths in use, and log a warning each; for a trial only',
    )
    .addHelpText(
      'after',
      examples(
        { command: 'daemon --config config/modosu.yaml', tells: 'in the repository' },
        { command: 'daemon', tells: 'as systemd runs it, with /etc/modosu/modosu.yaml' },
      ),
    )
    .action(async ({ insecurePermissions = false }: { insecurePermissions?: boolean }) => {
      const configuration = context.strictConfiguration()
      // Loaded here and not above: every other command starts without the daemon's packages.
      const { runDaemon } = await import('../../daemon/daemon.ts')
      const hangups = new EventTarget()
      // From now on, so that one that comes during the start ends nothing.
      const release = onHangup(() => {
        hangups.dispatchEvent(new Event('reload'))
      })
      const { variables } = context.environment
      await untilInterrupted(
        (stop) => runDaemon({ configuration, variables, stop, hangups, insecurePermissions, say: said }),
        'waits',
      )
      release()
    })
}
