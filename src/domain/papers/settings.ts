/** What the configuration says for reports and checklists. */

export interface ReportSettings {
  /** Related documents (manual 13). */
  readonly links: readonly ReportLink[]
  /** Whom to call (manual 10-10, 12). */
  readonly contacts: readonly ReportContact[]
  /** IANA zone of the times in reports; null: that of the target's backups. */
  readonly timezone: string | null
}

export interface ReportLink {
  readonly title: string
  readonly url: string
}

export interface ReportContact {
  readonly name: string
  /** A telephone number, an address, a channel. */
  readonly contact: string
}

export const NO_SETTINGS: ReportSettings = { links: [], contacts: [], timezone: null }
