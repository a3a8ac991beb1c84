/** A text with placeholders, as `cannot read {0}: {1}`: recognised in one language, filled in in the other. */

const PLACEHOLDER = /\{(\d+)\}/

/** The texts around the placeholders, and the placeholders between them. */
export function partsOf(template: string): {
  readonly texts: readonly string[]
  readonly placeholders: readonly number[]
} {
  const parts = template.split(PLACEHOLDER)
  return {
    texts: parts.filter((_, index) => index % 2 === 0),
    placeholders: parts.filter((_, index) => index % 2 === 1).map(Number),
  }
}

/**
 * The values of the placeholders, in order, where the text is of the template. Linear: each part is looked for once, from
 * the left, as wildcards can be.
 *
 * @param texts the parts of a template around its placeholders, two at least.
 * @returns undefined where it is another text.
 */
export function valuesIn(text: string, texts: readonly string[]): readonly string[] | undefined {
  const [first = '', ...rest] = texts
  const last = rest.pop() ?? ''
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined
  const end = text.length - last.length
  let position = first.length
  const values: string[] = []
  for (const part of rest) {
    const found = text.indexOf(part, position)
    if (found < 0) return undefined
    values.push(text.slice(position, found))
    position = found + part.length
  }
  if (position > end) return undefined
  return [...values, text.slice(position, end)]
}

/** The template with its placeholders filled in. */
export function filled(template: string, values: readonly string[]): string {
  return template
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? part : (values[Number(part)] ?? '')))
    .join('')
}
