/**
 * A process with a pool and a child stuck in a loop, to be killed by a test. Arguments: lock file. Prints the child's
 * pid when it is stuck.
 */

import { ChildPool } from '../../src/sandbox/pool.ts'

const pool = new ChildPool({
  entry: new URL('./demo-child.js', import.meta.url),
  memoryMb: 64,
  spare: false,
  lockFile: process.argv[2] ?? '',
  callsPerChild: 1,
})
await pool.run('hang', null, { onProgress: (pid) => process.stdout.write(`${String(pid)}\n`) })
