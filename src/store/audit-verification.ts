/** Whether the audit log is as it was written, judged from both of its places. */

import { RestoreError } from '../domain/errors.ts'
import { shellWord } from '../domain/shell-word.ts'
import { verifyChain, type ChainVerdict } from './audit-chain.ts'
import { compareWithWitness, readWitness } from './audit-witness.ts'
import type { StateReader } from './reader.ts'
import type { AuditRecord } from './rows.ts'

/**
 * @throws RestoreError `AuditTampered` where the table or the witness cannot even be read as such.
 */
export function verifyAudit(
  stateDir: string,
  reader: Pick<StateReader, 'audit' | 'greatestAuditId'>,
): { readonly verdict: ChainVerdict; readonly records: readonly AuditRecord[] } {
  try {
    // In this order: what a running daemon adds in between is then in the table at least.
    const witness = readWitness(stateDir)
    const records = reader.audit()
    const greatestId = reader.greatestAuditId()
    // Beside a running daemon, a record may have come after the table was read.
    const settled = greatestId > (records.at(-1)?.id ?? 0) ? reader.audit() : records
    return { verdict: compareWithWitness(verifyChain(settled), settled, witness, greatestId), records: settled }
  } catch (error) {
    throw new RestoreError(`the audit log cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      reason: 'AuditTampered',
      hint: `look at the files, and keep them: ls -l ${shellWord(stateDir)}`,
      cause: error,
    })
  }
}
