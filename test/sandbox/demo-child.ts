/** Entry of the child processes that the sandbox's tests run: one operation per way of behaving badly. */

import { readFileSync } from 'node:fs'
import { RestoreError } from '../../src/domain/errors.ts'
import { serve, type Report } from '../../src/sandbox/serve.ts'

const hoard: Buffer[] = []

serve({
  double: ({ value }: { value: number }) => value * 2,
  pid: () => process.pid,
  oomScore: () => readFileSync('/proc/self/oom_score_adj', 'utf8').trim(),
  count: async ({ to }: { to: number }, report: Report) => {
    for (let n = 1; n <= to; n++) {
      report(n)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return 'done'
  },
  refuse: () => {
    throw new RestoreError('no room', { reason: 'DiskFull', disposition: 'retry', hint: 'df -h' })
  },
  blunder: () => {
    throw Object.assign(new Error('not allowed'), { code: 'EACCES' })
  },
  die: ({ signal }: { signal: NodeJS.Signals }) => {
    process.kill(process.pid, signal)
    return new Promise(() => undefined)
  },
  exit: ({ code }: { code: number }) => {
    process.stderr.write('first line\nlast words\n', () => process.exit(code))
    return new Promise(() => undefined)
  },
  hang: (_argument: unknown, report: Report) => {
    report(process.pid)
    // After the report has left: from here on no event of this thread is ever handled again.
    return new Promise(() =>
      setTimeout(() => {
        for (;;) Math.sqrt(2)
      }, 20),
    )
  },
  hoard: () => {
    for (;;) hoard.push(Buffer.alloc(2 ** 24, 1))
  },
})
