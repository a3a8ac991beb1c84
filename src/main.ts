#!/usr/bin/env node
/** The program's entry: gives the command line what a process has, and takes its exit code. */

import { readEnvironment } from './cli/environment.ts'
import { runCommandLine } from './cli/run.ts'

// The code and not an exit: what is still on its way to a pipe gets there.
process.exitCode = await runCommandLine(process.argv.slice(2), process, readEnvironment())
