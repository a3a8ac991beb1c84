/** Which test files come past which characters of the program, seen by V8 in the test's process and in all that it starts. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Reads what one test file's processes have left in a folder (NODE_V8_COVERAGE).
 *
 * @param sources the folder of the compiled program.
 * @returns by file below `sources`: the ranges, each `{ start, end, count }`, of every process that loaded it.
 */
export function readCoverage(folder, sources) {
  const prefix = `${pathToFileURL(sources).href}/`
  const found = new Map()
  for (const name of readdirSync(folder)) {
    let report
    try {
      report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    } catch {
      continue // Of a process that was killed while it wrote.
    }
    for (const { url, functions } of report.result) {
      if (!url.startsWith(prefix)) continue
      const file = url.slice(prefix.length)
      const ranges = functions.flatMap((each) => each.ranges)
      found.set(file, [
        ...(found.get(file) ?? []),
        ranges.map(({ startOffset, endOffset, count }) => ({ start: startOffset, end: endOffset, count })),
      ])
    }
  }
  return found
}

/** Whether any of the processes executed the character: the innermost range that holds it says so. */
export function isCovered(processes, offset) {
  return (processes ?? []).some((ranges) => {
    let innermost = null
    for (const range of ranges) {
      if (range.start > offset || range.end <= offset) continue
      if (innermost === null || range.end - range.start <= innermost.end - innermost.start) innermost = range
    }
    return innermost !== null && innermost.count > 0
  })
}
