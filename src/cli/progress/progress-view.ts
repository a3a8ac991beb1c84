/**
 * The five lines of the manual (3.2, step 7). On a terminal the running step's line is rewritten with a bar; elsewhere
 * each step is one line, printed when it has ended.
 */

import { TEXTS, type Language } from '../../domain/messages.ts'
import type { ProgressStep } from '../../domain/phases.ts'
import type { RestoreStatus } from '../../domain/resource.ts'
import { displayWidth, padTo } from '../display-width.ts'
import type { Output } from '../output.ts'
import { STEPS, type StepState, type StepStates } from './steps.ts'

const INDENT = '  '
/** The manual leaves five columns after its longest line. */
const GAP_COLUMNS = 5
const BAR_COLUMNS = 20
/** CSI 2 K: the whole line (ECMA-48, 8.3.41). */
const ERASE_LINE = '\r\u001b[2K'

/** Beside the manual's own 完了 and 実行中. */
const STATES: Readonly<Record<Language, { readonly skipped: string; readonly failed: string }>> = {
  ja: { skipped: 'スキップ', failed: '失敗' },
  en: { skipped: 'skipped', failed: 'failed' },
}

export class ProgressView {
  readonly #output: Output
  readonly #language: Language
  readonly #columns: number
  #headed = false
  #printed = 0
  #open = false

  constructor(output: Output, language: Language) {
    this.#output = output
    this.#language = language
    this.#columns = Math.max(...STEPS.map((step) => displayWidth(TEXTS[language].steps[step]))) + GAP_COLUMNS
  }

  /** Shows where the steps stand now; what was said before is not said again. */
  update(states: StepStates, progress?: RestoreStatus['progress']): void {
    // A dry run ends before the first step: there is nothing to show.
    if (STEPS.every((step) => states[step] === 'waiting' || states[step] === 'skipped')) return
    if (!this.#headed) {
      this.#headed = true
      this.#output.line(TEXTS[this.#language].progressHeading)
    }
    for (const step of STEPS.slice(this.#printed)) {
      const state = states[step]
      if (state === 'waiting') return
      if (state === 'running') {
        this.#running(step, progress)
        return
      }
      this.#settled(this.#line(step, state))
      this.#printed = step
    }
  }

  /** Ends a line that is still being rewritten. */
  end(): void {
    if (this.#open) this.#output.line()
    this.#open = false
  }

  #line(step: ProgressStep, state: StepState): string {
    return INDENT + padTo(TEXTS[this.#language].steps[step], this.#columns) + this.#stateText(state)
  }

  #stateText(state: StepState): string {
    const { stepDone, stepRunning } = TEXTS[this.#language]
    const { skipped, failed } = STATES[this.#language]
    switch (state) {
      case 'done':
        return this.#output.onStdout('green', stepDone)
      case 'failed':
        return this.#output.onStdout('red', failed)
      case 'skipped':
        return skipped
      case 'running':
      case 'waiting':
        return stepRunning
    }
  }

  #running(step: ProgressStep, progress: RestoreStatus['progress']): void {
    if (!this.#output.animated) return
    const line = this.#line(step, 'running')
    this.#output.write(ERASE_LINE + line + this.#bar(displayWidth(line), step, progress))
    this.#open = true
  }

  #settled(line: string): void {
    this.#output.line(this.#open ? ERASE_LINE + line : line)
    this.#open = false
  }

  /** Of the whole restore: the steps behind it and, where the sizes are known, the part of this one. */
  #bar(columns: number, step: ProgressStep, progress: RestoreStatus['progress']): string {
    const known = progress?.step === step && progress.bytesTotal > 0
    const part = (step - 1 + (known ? Math.min(1, progress.bytesDone / progress.bytesTotal) : 0)) / STEPS.length
    const filled = Math.round(part * BAR_COLUMNS)
    const bar = ` [${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}] ${Math.round(part * 100)}%`
    // A line that wraps could not be rewritten.
    return columns + bar.length < this.#output.columns ? bar : ''
  }
}
