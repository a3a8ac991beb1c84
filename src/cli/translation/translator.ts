/**
 * Says in another language what was written in English (decision 0066). Messages are made and stored in English alone; where
 * one is shown, the template that it was made from is found again, and its counterpart filled in with the same values.
 */

import { filled, partsOf, valuesIn } from './template.ts'

/** From the English template to the other. */
export type Catalogue = Readonly<Record<string, string>>

interface Entry {
  readonly texts: readonly string[]
  readonly other: string
  readonly lines: boolean
}

/** What stands around a text and is no part of it: indentation, the mark of a comment, of a list, of a command, a number. */
const MARGIN = /^(\s*(?:(?:#|-|\$|\d+\.) )?)(.*?)(\s*)$/s
/** What joins two texts into one, and how the other language joins them. */
const JOINTS = [
  ['   # ', '   # '],
  ['; ', '。'],
  [': ', ': '],
] as const

/** A text that somebody made to be divided without end takes no longer than this many parts. */
const MOST_PARTS = 1000

export class Translator {
  /** Texts without placeholders, and the first sentences of those that have several, as a summary shows them. */
  readonly #whole = new Map<string, string>()
  /** The one with the most letters first: what fits it fits no other better. */
  readonly #templates: readonly Entry[]
  #left = 0

  constructor(catalogue: Catalogue) {
    const entries = Object.entries(catalogue)
    for (const [english, other] of entries) {
      const end = /[.](?=\s|$)/.exec(english)
      if (end !== null) this.#whole.set(english.slice(0, end.index), other.slice(0, lengthOfFirst(other)))
    }
    for (const [english, other] of entries) this.#whole.set(english, other)
    this.#templates = entries
      .map(([english, other]) => ({ ...partsOf(english), other, lines: english.includes('\n') }))
      .filter(({ placeholders }) => placeholders.length > 0)
      .sort((a, b) => letters(b.texts) - letters(a.texts))
  }

  /** @returns the text itself, or the parts of it, for which there is no other. Never throws. */
  say(text: string): string {
    this.#left = MOST_PARTS
    return this.#say(text)
  }

  #say(text: string): string {
    const whole = this.#whole.get(text)
    if (whole !== undefined) return whole
    if (this.#left-- <= 0) return text
    const [, above = '', lines = '', below = ''] = /^(\n*)(.*?)(\n*)$/s.exec(text) ?? []
    if (above !== '' || below !== '') return above + this.#say(lines) + below
    const found = this.#recognised(text)
    const remark = found?.entry.texts.at(-1)?.endsWith(')') === true ? undefined : this.#remarked(text)
    if (remark !== undefined) return remark
    if (found === undefined) return this.#parted(text)
    return filled(
      found.entry.other,
      found.values.map((value) => this.#say(value)),
    )
  }

  #recognised(text: string): { readonly entry: Entry; readonly values: readonly string[] } | undefined {
    const lines = text.includes('\n')
    for (const entry of this.#templates) {
      if (entry.lines !== lines) continue
      const values = valuesIn(text, entry.texts)
      if (values !== undefined) return { entry, values }
    }
    return undefined
  }

  /** A text with a remark in brackets at its end, where both are known: `must be true, not 1 (write it without quotes)`. */
  #remarked(text: string): string | undefined {
    if (!text.endsWith(')')) return undefined
    for (let at = text.indexOf(' ('); at > 0; at = text.indexOf(' (', at + 1)) {
      const [left, right] = [text.slice(0, at), text.slice(at + 2, -1)]
      const saidRight = this.#say(right)
      if (saidRight === right) continue
      const saidLeft = this.#say(left)
      if (saidLeft !== left) return `${saidLeft}（${saidRight}）`
    }
    return undefined
  }

  /** A text that was put together from others: by lines, by what stands around it, or by a joint. */
  #parted(text: string): string {
    if (text.includes('\n')) {
      return text
        .split('\n')
        .map((line) => this.#say(line))
        .join('\n')
    }
    const [, before = '', inner = '', after = ''] = MARGIN.exec(text) ?? []
    if (before !== '' || after !== '') return before + this.#say(inner) + after
    for (const [english, other] of JOINTS) {
      const at = text.indexOf(english)
      if (at < 0) continue
      const [left, right] = [text.slice(0, at), text.slice(at + english.length)]
      const saidRight = this.#say(right)
      const lead = this.#recognised(left + english)
      if (lead !== undefined) return filled(lead.entry.other, lead.values) + saidRight
      const saidLeft = this.#say(left)
      if (saidRight !== right) return saidLeft + other + saidRight
      if (saidLeft !== left) return saidLeft + english + right
    }
    return this.#bracketed(text)
  }

  #bracketed(text: string): string {
    const at = text.indexOf(' (')
    if (at < 0 || !text.endsWith(')')) return text
    const [left, right] = [text.slice(0, at), text.slice(at + 2, -1)]
    const [saidLeft, saidRight] = [this.#say(left), this.#say(right)]
    return saidLeft === left && saidRight === right ? text : `${saidLeft}（${saidRight}）`
  }
}

function letters(texts: readonly string[]): number {
  return texts.join('').length
}

/** Without its full stop. */
function lengthOfFirst(text: string): number {
  const end = text.indexOf('。')
  return end < 0 ? text.length : end
}
