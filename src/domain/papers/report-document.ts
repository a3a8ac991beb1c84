/** A report as a document that every door shows: the template's fields first, then what else is known. */

import type { Language } from '../messages.ts'
import type { ReportField } from './report-words.ts'

export interface DocumentField {
  readonly key: ReportField
  /** As the template prints it: `■ 発生日時:`. */
  readonly label: string
  readonly value: string
  /** Lines below the label, each a bullet of the template; the value is empty then. */
  readonly items?: readonly string[]
}

export interface DocumentSection {
  readonly key: string
  readonly title: string
  readonly pairs?: readonly (readonly [label: string, value: string])[]
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  readonly links?: readonly { readonly title: string; readonly url: string }[]
}

export interface ReportDocument {
  readonly language: Language
  readonly request: string
  readonly title: string
  readonly fields: readonly DocumentField[]
  /** Sections without content are left out. */
  readonly sections: readonly DocumentSection[]
}
