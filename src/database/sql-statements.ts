/** Splits the text of an SQL dump into its statements, as it comes. */

import { RestoreError } from '../domain/errors.ts'

/** A row with a blob is two letters a byte; SQLite takes no statement above 1,000,000,000. */
const LONGEST = 64 * 1024 * 1024

/** Where the splitter is inside: the text that ends it, or nothing. */
const ENDS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']', '--': '\n', '/*': '*/' }
const NEXT = /--|\/\*|['"`[;]/g
/** In a trigger a semicolon ends one of its statements; the trigger ends with `END` alone. */
const TRIGGER = /^\s*CREATE\s+TRIGGER\b/i

/**
 * The statements of a text, without their semicolon. A quote that is doubled inside quotes ends them and begins them anew,
 * which is the same here. What has been looked at is not looked at again, however long a statement grows.
 *
 * @throws RestoreError `Unverifiable` where one statement is longer than any that is compared.
 */
export class StatementSplitter {
  /** Of the present statement, what earlier pieces brought. */
  #earlier: string[] = []
  #earlierLength = 0
  /** What is still to be looked at: the last letter of a piece may be the first of two. */
  #carry = ''
  #end: string | null = null
  /** Of a trigger: where in the statement its present part begins. */
  #part = 0

  /** @returns the statements that the new text ends. */
  add(piece: string): string[] {
    const text = this.#carry + piece
    const statements: string[] = []
    let start = 0
    let at = 0
    for (;;) {
      const found = this.#next(text, at)
      if (found === null) break
      at = found.after
      if (found.token !== ';') continue
      const statement = this.#ended(text.slice(start, at - 1))
      if (statement === null) continue
      if (statement !== '') statements.push(statement)
      start = at
    }
    const looked = Math.max(at, text.length - 1)
    this.#keep(text.slice(start, looked))
    this.#carry = text.slice(looked)
    return statements
  }

  /** @returns what is left without a semicolon; empty where nothing is. */
  rest(): string {
    return (this.#earlier.join('') + this.#carry).trim()
  }

  /** The next quote, comment or semicolon, or the end of the one that it is in. */
  #next(text: string, at: number): { readonly token: string; readonly after: number } | null {
    if (this.#end !== null) {
      const end = this.#end
      const found = text.indexOf(end, at)
      if (found < 0) return null
      this.#end = null
      return { token: '', after: found + end.length }
    }
    NEXT.lastIndex = at
    const found = NEXT.exec(text)
    if (found === null) return null
    const [token] = found
    this.#end = ENDS[token] ?? null
    return { token, after: found.index + token.length }
  }

  /** @param text of the statement from where the earlier pieces end to the semicolon. @returns null where a trigger goes on. */
  #ended(text: string): string | null {
    const statement = this.#earlier.join('') + text
    if (TRIGGER.test(statement) && !/^\s*END\s*$/i.test(statement.slice(this.#part))) {
      this.#part = statement.length + 1
      return null
    }
    this.#earlier = []
    this.#earlierLength = 0
    this.#part = 0
    return statement.trim()
  }

  #keep(text: string): void {
    this.#earlierLength += text.length
    if (this.#earlierLength > LONGEST) {
      throw new RestoreError('the dump holds a statement that is too long to compare', { reason: 'Unverifiable' })
    }
    this.#earlier.push(text)
  }
}
