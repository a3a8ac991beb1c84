/** A backup in the shape of the application's own API, as a JSON schema. */

import { BACKUP_TYPES } from '../../domain/resource.ts'

export const STATUSES = ['success', 'failure', 'deleted', 'in_progress'] as const

export const text = { type: 'string' } as const
export const textOrNull = { type: ['string', 'null'] } as const
export const countOf = { type: 'integer', minimum: 0 } as const
export const countOrNull = { type: ['integer', 'null'] } as const
export const time = { type: 'string', format: 'date-time' } as const
export const timeOrNull = { type: ['string', 'null'], format: 'date-time' } as const

export type Fields = Readonly<Record<string, object>>

/** Every field is there, and no other. */
export function exactly(properties: Fields): object {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties }
}

const LAST_RESTORE = {
  oneOf: [
    { type: 'null' },
    exactly({ at: time, status: { enum: ['success', 'failure', 'info'] }, request: text, username: text }),
  ],
  description: 'How the last restore of this backup ended.',
}

export const BACKUP = exactly({
  id: { ...countOrNull, description: "Number of the application's own row; null: there are only files." },
  backup_id: text,
  backup_type: { enum: BACKUP_TYPES },
  file_path: textOrNull,
  file_size: { ...countOrNull, description: 'Bytes of the .db alone.' },
  checksum: { ...textOrNull, description: 'sha256: and hex, of the .db alone.' },
  status: { enum: STATUSES },
  error_message: textOrNull,
  metadata: textOrNull,
  description: textOrNull,
  created_by: countOrNull,
  started_at: time,
  completed_at: timeOrNull,
  created_at: time,
  created_by_username: textOrNull,
  target: text,
  problem: { ...textOrNull, description: 'Why it cannot be restored as it stands.' },
  restorable: { type: 'boolean', description: 'Nothing that is known speaks against restoring it.' },
  verification: {
    oneOf: [{ type: 'null' }, exactly({ passed: { type: 'boolean' }, message: text, at: time })],
    description: 'What was found last in the bytes that lie there now; null: nothing yet.',
  },
  set_size: { ...countOf, description: 'Bytes of all files of the set.' },
  last_restore: LAST_RESTORE,
})
