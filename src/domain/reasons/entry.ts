/** What the catalogue says of one reason. */

export interface ReasonText {
  /** 原因 */
  readonly cause: string
  /** 影響, where the manual tells one. */
  readonly impact?: string
  /** 確認 */
  readonly check: string
  /** 自動対応: what the program does by itself. */
  readonly automatic?: string
  /** 対処, in the order in which to try them. */
  readonly remedy: readonly string[]
}

export interface ReasonEntry {
  /** Of the command that meets the reason; 0 where the reason is no failure. */
  readonly exitCode: ExitCode
  readonly en: ReasonText
  readonly ja: ReasonText
}

/** The program's exit codes; scripts rely on them (`modosu --help`). */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 10 | 11 | 12
