/** `modosu reload`: what `systemctl reload modosu` runs. */

import type { Command } from 'commander'

import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'
import type { DaemonClient } from '../client.ts'

/** A spool is read as a whole when its settings change. */
const TIMEOUT_MS = 60_000

export function addReloadCommand(program: Command, context: CliContext): void {
  program
    .command('reload')
    .summary('have the daemon read its configuration anew')
    .description(
      'Has the daemon read its configuration anew and says what became of it. A file with a mistake changes nothing: exit ' +
        'code 2, with line, column and cause. A target with a running restore takes over its new settings when that has ended.',
    )
    .addHelpText(
      'after',
      examples(
        { command: 'reload', tells: 'as systemctl reload modosu does' },
        { command: 'reload --config /etc/modosu/modosu.yaml', tells: 'the daemon of that configuration' },
      ),
    )
    .action(async () => {
      const { kept, targets, waiting } = await clientOf(context).reload()
      const { output } = context
      output.say(targets.length === 0 ? 'reloaded' : `reloaded; changed targets: ${targets.join(', ')}`)
      for (const name of waiting)
        output.message(`${name}: a restore is running; the new settings come when it has ended`)
      for (const key of kept) output.message(`${key}: keeps its value until: systemctl restart modosu`)
    })
}

/**
 * Where the socket lies, the file says; one with a mistake says nothing, and the daemon must hear of it all the same, for its
 * log and its metric: systemd names its process to the command (systemd.service(5), ExecReload=).
 */
function clientOf(context: CliContext): DaemonClient {
  try {
    context.strictConfiguration()
    return context.client({ timeoutMs: TIMEOUT_MS })
  } catch (error) {
    const pid = Number(context.environment.variables['MAINPID'] ?? '')
    if (pid > 1) process.kill(pid, 'SIGHUP')
    throw error
  }
}
