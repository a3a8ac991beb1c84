/** Which rows a restore takes away, brings back and changes, by table. */

import type { TableLoss } from '../../domain/resource.ts'
import { printable } from '../format.ts'
import { language, texts } from '../texts/language.ts'

type Figure = number | null | undefined

const FIGURES = ['current', 'restored', 'vanishing', 'returning', 'changed'] as const

export function LossTable({ tables }: { readonly tables: readonly TableLoss[] }) {
  const { plan } = texts()
  const words = [plan.now, plan.backup, plan.vanish, plan.comeBack, plan.change]
  const sums = FIGURES.map((figure) => sumOf(tables.map((each) => each[figure])))
  return (
    <table class="stacked figures">
      <thead>
        <tr>
          <th scope="col">{plan.table}</th>
          {words.map((word) => (
            <th key={word} scope="col" class="number">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tables.map((loss) => (
          <tr key={loss.table}>
            <th scope="row">{printable(loss.table)}</th>
            {FIGURES.map((figure, index) => (
              <td
                key={figure}
                data-label={words[index]}
                class={`number ${figure === 'vanishing' && (loss.vanishing ?? 0) > 0 ? 'loss' : ''}`}
              >
                {shown(loss[figure])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {tables.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row">{plan.sum}</th>
            {sums.map((sum, index) => (
              <td key={FIGURES[index]} data-label={words[index]} class="number">
                {shown(sum)}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  )
}

/** Not known is no zero. */
function sumOf(figures: readonly Figure[]): number | null {
  let sum = 0
  for (const figure of figures) {
    if (figure === null || figure === undefined) return null
    sum += figure
  }
  return sum
}

function shown(figure: Figure): string {
  return figure === null || figure === undefined ? texts().unknown : figure.toLocaleString(language.value)
}
