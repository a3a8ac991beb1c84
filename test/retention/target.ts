/** A target of a test: only what retention looks at differs. */

import type { Target } from '../../src/domain/target.ts'

export function targetOf({ name = 'app', database = '/nowhere/app.db', backups = '/nowhere/backups' }): Target {
  return {
    name,
    database,
    backups: { path: backups, stem: 'app', timezone: 'UTC', catalogTable: null, auditTable: null },
    service: null,
    healthCheck: null,
    smokeQueries: [],
    hooks: { preRestore: [], postRestore: [], onFailure: [] },
    verification: {
      afterSwap: 'full',
      requireChecksum: false,
      foreignKeys: 'warn',
      checkTimeoutMs: null,
      allowUnverifiable: false,
    },
    rateLimit: { restores: 3, windowMs: 3_600_000 },
    rtoMs: 900_000,
    notifications: [],
  }
}
