/** Which rows a restore takes away, brings back and changes, by table. */

import type { DataLoss, LossSamples, TableLoss } from '../../domain/resource.ts'
import { printable } from '../format.ts'
import { said } from '../server/said.ts'
import { language, texts } from '../texts/language.ts'

type Figure = number | null | undefined

const FIGURES = ['current', 'restored', 'vanishing', 'returning', 'changed'] as const

/** What is known, and why not more: an empty list with a remark is no "nothing". */
export function Loss({ loss: { tables, remark } }: { readonly loss: DataLoss }) {
  const { plan } = texts()
  return (
    <>
      {remark !== undefined && (
        <p class="notice notice-warn">
          {plan.notKnown} {printable(said(remark))}
        </p>
      )}
      {tables.length > 0 ? <LossTable tables={tables} /> : remark === undefined && <p>{plan.none}</p>}
      {tables.map(({ table, samples }) => samples !== undefined && <Samples key={table} {...{ table, samples }} />)}
    </>
  )
}

/** Of a dry run: the first rows of each kind. */
function Samples({ table, samples }: { readonly table: string; readonly samples: LossSamples }) {
  const { plan } = texts()
  const kinds = [
    [plan.vanish, samples.vanishing],
    [plan.comeBack, samples.returning],
    [plan.change, samples.changing],
  ] as const
  return (
    <details>
      <summary>{printable(table)}</summary>
      <dl class="details">
        {kinds.map(
          ([kind, rows]) =>
            rows.length > 0 && (
              <>
                <dt>{kind}</dt>
                {rows.map((row) => (
                  <dd key={row} class="id">
                    {printable(row)}
                  </dd>
                ))}
              </>
            ),
        )}
      </dl>
    </details>
  )
}

function LossTable({ tables }: { readonly tables: readonly TableLoss[] }) {
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
