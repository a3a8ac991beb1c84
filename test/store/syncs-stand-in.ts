/** Writes records into a state store, one commit each: `syncs-stand-in.js STATE_DIR COUNT`. */

import { systemClock } from '../../src/domain/clock.ts'
import { openStateStore } from '../../src/store/store.ts'

const [folder = '', count = ''] = process.argv.slice(2)
const store = openStateStore(folder, systemClock)
for (let number = 1; number <= Number(count); number += 1) {
  store.atomically(() => {
    store.recordAudit('app', 'inc-1', {
      operation: 'test',
      actor: 'a',
      status: 'info',
      message: `record ${number}`,
      backupId: null,
      details: {},
    })
  })
}
store.close()
