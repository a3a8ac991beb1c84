/** A process that logs to its standard output, and then ends, kills itself, or logs a line more for each line it is sent. */

import { createLog, type LogOptions } from '../../src/telemetry/log.ts'

const [options = '{}', count = '1', end = 'exit'] = process.argv.slice(2)
// Touching it makes the pipe non-blocking, as any console.log of a library would.
if (end === 'wait') process.stdout.on('error', () => undefined)
const log = createLog({ level: 'info', format: 'json', fd: 1, ...(JSON.parse(options) as Partial<LogOptions>) })
for (let line = 1; line <= Number(count); line += 1) log.info(`line ${line}`, { padding: 'x'.repeat(200) })
if (end === 'kill') process.kill(process.pid, 'SIGKILL')
process.stderr.write('done')
if (end === 'wait') {
  let times = 0
  process.stdin.on('data', () => {
    times += 1
    log.info(`the reader is back ${times}`)
  })
}
