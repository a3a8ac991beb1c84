/** `modosu get audit`: who did what and how it ended, oldest first (manual Q5). */

import type { AuditRecord } from '../../store/rows.ts'
import type { CliContext } from '../context.ts'
import type { Entry, Filter, Listing } from '../listing.ts'

export const AUDIT: Listing = {
  title: 'audit records',
  names: ['audit', 'audit-log'],
  kind: 'AuditRecord',
  named: 'many',
  columns: ['ID', 'TIME', 'OPERATION', 'ACTOR', 'TARGET', 'REQUEST', 'STATUS', 'MESSAGE'],
  wideColumns: ['BACKUP', 'HASH'],
  lookEveryMs: null,
  load: (context, filter) => Promise.resolve(load(context, filter)),
}

/** `name` is the number of a record, or the name of a request. */
function load(context: CliContext, { name, target, limit }: Filter): readonly Entry[] {
  const records = context
    .reader()
    .audit()
    .filter((record) => target === undefined || record.target === target)
    .filter((record) => name === undefined || record.request === name || String(record.id) === name)
  return (limit === undefined ? records : records.slice(-limit)).map((record) => toEntry(context, record))
}

function toEntry({ output, say }: CliContext, record: AuditRecord): Entry {
  return {
    reference: `audit/${record.id}`,
    object: record,
    cells: [
      record.id,
      record.at,
      record.operation,
      record.actor,
      record.target,
      record.request,
      {
        text: record.status,
        style: (text) => (record.status === 'failure' ? output.onStdout('red', text) : text),
      },
      say(record.message),
    ],
    wide: [record.backupId, record.hash.slice(0, 16)],
  }
}
