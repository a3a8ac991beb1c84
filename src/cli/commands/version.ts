/** `modosu version`. */

import type { Command } from 'commander'

import { versionInfo } from '../../daemon/version.ts'
import type { CliContext } from '../context.ts'
import { formatOption, OBJECT_FORMATS, toJson, toYaml, type ObjectFormat } from '../format.ts'
import { examples } from '../help.ts'

export function addVersionCommand(program: Command, { output }: CliContext): void {
  program
    .command('version')
    .summary('print the versions of this program, of Node and of SQLite')
    .description('Prints the versions of this program, of Node and of the SQLite that is built into it.')
    .addOption(formatOption(OBJECT_FORMATS, 'table'))
    .addHelpText('after', examples({ command: 'version -o json', tells: 'for a bug report or a script' }))
    .action(({ output: format }: { output: ObjectFormat }) => {
      const info = versionInfo()
      if (format === 'json') output.line(toJson(info))
      else if (format === 'yaml') output.line(toYaml(info))
      else output.line(`modosu ${info.modosu} (Node ${info.node}, SQLite ${info.sqlite})`)
    })
}
