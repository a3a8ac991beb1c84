#!/usr/bin/env node
/** The program's entry: gives the command line what a process has, and takes its exit code. */

import { writeSync } from 'node:fs'

/** One line and exit code 1, whatever fails, wherever: a stack tells an operator nothing. The daemon's goes to its log. */
function tell(error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in known && typeof known.code === 'string' ? known.code : ''
  const hint = HINTS[code] ?? 'this was not foreseen; --verbose shows where it came from'
  const words = process.argv.slice(2)
  const stack = words.some((word) => word === '-v' || word === '--verbose') ? `\n${known.stack ?? ''}` : ''
  try {
    if (words.includes('daemon')) {
      writeSync(
        1,
        `${JSON.stringify({ level: 'fatal', time: new Date().toISOString(), msg: known.message, stack: known.stack })}\n`,
      )
    }
    writeSync(2, `error: ${known.message.split('\n')[0] ?? ''}\nhint: ${hint}${stack}\n`)
  } catch {
    // Nobody can be told.
  }
  process.exitCode = 1
}

const HINTS: Readonly<Record<string, string>> = {
  EMFILE: 'this process may open too few files: ulimit -n 1024, or LimitNOFILE= of the unit',
  ENFILE: 'the system has too many files open: sysctl fs.file-nr',
  ENOSPC: 'the disk is full: df -h',
  ENOMEM: 'the machine has no memory left: free -m',
  ERR_DLOPEN_FAILED: 'the compiled module does not fit this Node.js, or cannot be opened: npm rebuild better-sqlite3',
}

process.on('uncaughtException', (error) => {
  tell(error)
  process.exit(1)
})

try {
  // Loaded here and not above: what fails while it is loaded is told like everything else.
  const [command, folder = '', file = ''] = process.argv.slice(2)
  if (command === 'systemd-mounts') {
    // Asked at boot, before anything else runs: without the rest of the program it takes a third of the time.
    const { writeMountDropIn } = await import('./daemon/systemd-mounts.ts')
    writeMountDropIn(folder, file, (line) => writeSync(2, `${line}\n`))
    process.exit(0)
  }
  const { readEnvironment } = await import('./cli/environment.ts')
  const { runCommandLine } = await import('./cli/run.ts')
  // The code and not an exit: what is still on its way to a pipe gets there.
  process.exitCode = await runCommandLine(process.argv.slice(2), process, readEnvironment())
} catch (error) {
  tell(error)
}
