/** A process that takes a file lock and keeps it until it is killed. Argument: the path. Prints `locked` or `refused`. */

import { acquireFileLock } from '../../src/sandbox/file-lock.ts'

const lock = acquireFileLock(process.argv[2] ?? '')
process.stdout.write(lock === null ? 'refused\n' : 'locked\n')
if (lock !== null) setInterval(() => lock, 1000)
