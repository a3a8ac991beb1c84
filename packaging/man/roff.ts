/** Text as roff that man(1) and groff(1) read without a warning (man(7), groff_man_style(7)). */

/** Escapes a text of ours: backslashes, hyphens that a person will copy, quotes, and what a line may not begin with. */
export function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\(rs')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^\./gm, '\\&.')
    .replace(
      /[\u{80}-\u{10FFFF}]/gu,
      (letter) => `\\[u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}

export function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`
}

export function italic(text: string): string {
  return `\\fI${escaped(text)}\\fR`
}

/** The head of a page (`.TH`). */
export interface PageHead {
  readonly name: string
  readonly section: 1 | 5
  /** As `2026-02-15`. */
  readonly date: string
  readonly version: string
}

/** One page, built from the top down. Texts that are handed in are roff already where a method does not say otherwise. */
export class Page {
  readonly #lines: string[] = []

  constructor({ name, section, date, version }: PageHead) {
    const words = [name.toUpperCase(), String(section), date, `modosu ${version}`, 'Modosu']
    this.#lines.push(`.TH ${words.map((word) => `"${escaped(word)}"`).join(' ')}`, '.nh', '.ad l')
  }

  section(title: string): this {
    this.#lines.push(`.SH "${escaped(title)}"`)
    return this
  }

  subsection(title: string): this {
    this.#lines.push(`.SS "${escaped(title)}"`)
    return this
  }

  /** A line as it is. */
  line(text: string): this {
    this.#lines.push(text)
    return this
  }

  paragraph(text: string): this {
    this.#lines.push('.PP', text)
    return this
  }

  /** A term with its meaning under it. */
  term(term: string, ...paragraphs: readonly string[]): this {
    this.#lines.push('.TP', term)
    for (const [index, text] of paragraphs.entries()) this.#lines.push(...(index === 0 ? [text] : ['.IP', text]))
    return this
  }

  /** A block that is shown as it stands; plain text. */
  verbatim(text: string): this {
    this.#lines.push('.PP', '.RS 4', '.nf', escaped(text), '.fi', '.RE')
    return this
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }
}
