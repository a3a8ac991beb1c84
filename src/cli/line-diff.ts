/** A unified difference of two short texts, by their longest common subsequence. */

const CONTEXT_LINES = 3

interface Edit {
  readonly mark: ' ' | '-' | '+'
  readonly line: string
}

/**
 * @returns lines as `diff -u` prints them, without headers; empty where the texts are equal.
 */
export function unifiedDiff(before: readonly string[], after: readonly string[]): string[] {
  const edits = editsOf(before, after)
  if (edits.every(({ mark }) => mark === ' ')) return []
  const near = edits.map((_, index) =>
    edits.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some(({ mark }) => mark !== ' '),
  )
  const lines: string[] = []
  let beforeLine = 1
  let afterLine = 1
  edits.forEach(({ mark, line }, index) => {
    if (near[index] === true) {
      if (near[index - 1] !== true) lines.push(`@@ -${beforeLine} +${afterLine} @@`)
      lines.push(mark + line)
    }
    if (mark !== '+') beforeLine += 1
    if (mark !== '-') afterLine += 1
  })
  return lines
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  const common = commonLengths(before, after)
  const edits: Edit[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]]
    if (old !== undefined && old === fresh) {
      edits.push({ mark: ' ', line: old })
      i += 1
      j += 1
    } else if (fresh === undefined || (old !== undefined && at(common, i + 1, j) >= at(common, i, j + 1))) {
      edits.push({ mark: '-', line: old ?? '' })
      i += 1
    } else {
      edits.push({ mark: '+', line: fresh })
      j += 1
    }
  }
  return edits
}

function at(table: readonly (readonly number[])[], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}

/** [i][j]: the longest common subsequence of what follows line i of one and line j of the other. */
function commonLengths(before: readonly string[], after: readonly string[]): number[][] {
  const table = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = table[i]
      if (row === undefined) continue
      row[j] = before[i] === after[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}
