/** A process that has used a pool with a spare child and does nothing more: it must end by itself. */

import { ChildPool } from '../../src/sandbox/pool.ts'

const pool = new ChildPool({
  entry: new URL('./demo-child.js', import.meta.url),
  memoryMb: 64,
  spare: true,
  lockFile: null,
  callsPerChild: process.argv[2] === 'one-shot' ? 1 : Infinity,
})
pool.warm()
process.stdout.write(String(await pool.run('double', { value: 21 })))
