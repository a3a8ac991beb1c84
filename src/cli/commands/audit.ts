/** `modosu audit verify`: whether the audit log is as it was written. */

import type { Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import { verifyAudit } from '../../store/audit-verification.ts'
import type { CliContext } from '../context.ts'
import { examples } from '../help.ts'

export function addAuditCommand(program: Command, context: CliContext): void {
  const audit = program
    .command('audit')
    .summary('prove that the audit log is as it was written')
    .description('The audit log is a chain of hashes; what it holds is shown by: modosu get audit.')
    .addHelpText('after', examples({ command: 'audit verify', tells: 'is the chain whole?' }))
  audit
    .command('verify')
    .summary('follow the chain of hashes from the first record to the last')
    .description(
      'Finds a record of the audit log that was edited, removed, reordered or cut off, and says which. The hashes stand in ' +
        'two places, the audit table and STATE/audit.heads; the log of the daemon is the third: somebody who could forge ' +
        'both cannot forge the journal. Give --head the auditHead that it shows for the last restore.',
    )
    .option('--head <hash>', 'the hash that some record must have, from the log of the daemon')
    .addHelpText(
      'after',
      examples(
        { command: 'audit verify', tells: 'is the chain whole?' },
        { command: 'audit verify --head 5f2c…', tells: 'and does it still reach that record?' },
      ),
    )
    .action(({ head }: { head?: string }) => {
      const { stateDir } = context.configuration()
      const { verdict, records } = verifyAudit(stateDir, context.reader())
      if (verdict.broken !== null) throw tampered(stateDir, verdict.broken.problem)
      if (head !== undefined && !records.some(({ hash }) => hash === head)) {
        throw tampered(stateDir, `no record has the hash ${head}: the log was cut off, or is another one`)
      }
      context.output.say(`${verdict.records} records, the chain is whole; head ${verdict.head}`)
    })
}

function tampered(stateDir: string, problem: string): RestoreError {
  return new RestoreError(`the audit log was tampered with: ${problem}`, {
    reason: 'AuditTampered',
    hint:
      `keep the evidence before anything else: cp -a ${stateDir} ${stateDir}.evidence; then compare with what the daemon ` +
      'logged at each restore: journalctl -u modosu | grep auditHead; modosu explain AuditTampered says how to go on',
  })
}
