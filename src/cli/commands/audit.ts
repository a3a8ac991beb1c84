/** `modosu audit verify`: whether the audit log is as it was written. */

import type { Command } from 'commander'

import { RestoreError } from '../../domain/errors.ts'
import { verifyChain } from '../../store/audit-chain.ts'
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
      'Finds a record of the audit log that was edited, removed or reordered. A log that was cut off at its end is whole ' +
        'in itself: give --head the auditHead that the daemon logged at the last restore, and the cut shows.',
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
      const records = context.reader().audit()
      const verdict = verifyChain(records)
      if (verdict.broken !== null) throw tampered(`record ${verdict.broken.id}: ${verdict.broken.problem}`)
      if (head !== undefined && !records.some(({ hash }) => hash === head)) {
        throw tampered(`no record has the hash ${head}: the log was cut off, or is another one`)
      }
      context.output.line(`${verdict.records} records, the chain is whole; head ${verdict.head}`)
    })
}

function tampered(problem: string): RestoreError {
  return new RestoreError(`the audit log was tampered with: ${problem}`, {
    reason: 'AuditTampered',
    hint: 'keep the state directory as it is, and compare with the journal: journalctl -u modosu | grep auditHead',
  })
}
