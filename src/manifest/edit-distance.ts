/** "Did you mean": the nearest of a few words. */

/** Beyond this length a word is no misspelling of a key, and the comparison costs its square. */
const LONGEST = 64

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let row = 1; row <= a.length; row += 1) {
    rows[row] = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      let best = Math.min(cell(row - 1, column) + 1, cell(row, column - 1) + 1, cell(row - 1, column - 1) + same)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) best = Math.min(best, cell(row - 2, column - 2) + 1)
      rows[row]?.push(best)
    }
  }
  return cell(a.length, b.length)
}

function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '')
}

/**
 * The candidate that a misspelt word probably stands for: equal but for case and hyphens, or within a third of its
 * length in edits.
 *
 * @returns undefined where nothing is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  const plain = simplified(word)
  const ranked = candidates
    .filter((candidate) => candidate.length <= LONGEST)
    .map((candidate) => ({ candidate, edits: distance(plain, simplified(candidate)) }))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  if (best === undefined || best.edits > Math.max(1, Math.floor(best.candidate.length / 3))) return undefined
  return best.candidate
}
