/**
 * A process that takes and removes a file lock again and again, and creates a witness file while it holds it. Two
 * holders at a time make the exclusive creation fail: exit status 3. Arguments: lock, witness, rounds.
 */

import { closeSync, openSync, unlinkSync } from 'node:fs'
import { acquireFileLock } from '../../src/sandbox/file-lock.ts'

const [path = '', witness = '', rounds = '0'] = process.argv.slice(2)
let taken = 0
while (taken < Number(rounds)) {
  const lock = acquireFileLock(path)
  if (lock === null) continue
  try {
    closeSync(openSync(witness, 'wx'))
  } catch {
    process.exit(3)
  }
  taken++
  unlinkSync(witness)
  lock.release({ remove: true })
}
