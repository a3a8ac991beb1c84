/**
 * The five lines of the manual (3.2, step 7). On a terminal the running step's line is rewritten with a bar; elsewhere
 * each step is one line, printed when it has ended.
 */

import { systemClock, type Clock } from '../../domain/clock.ts'
import { TEXTS, type Language } from '../../domain/messages.ts'
import type { ProgressStep } from '../../domain/phases.ts'
import type { RestoreStatus } from '../../domain/resource.ts'
import { humanSize } from '../../domain/size.ts'
import { displayWidth, padTo } from '../display-width.ts'
import { humanDuration } from '../human.ts'
import type { Output } from '../output.ts'
import { STEPS, type StepState, type StepStates } from '../../domain/steps.ts'

const INDENT = '  '
/** The manual leaves five columns after its longest line. */
const GAP_COLUMNS = 5
const BAR_COLUMNS = 20
/** The time within a step is told from here on, and told again each second. */
const SHORTEST_TOLD_MS = 2000
const TICK_MS = 1000
const SMALLEST_TOLD_BYTES = 1024 ** 2
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
  readonly #clock: Clock
  #stepSinceMs: number | undefined
  #redraw: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(output: Output, language: Language, clock: Clock = systemClock) {
    this.#clock = clock
    this.#output = output
    this.#language = language
    this.#columns = Math.max(...STEPS.map((step) => displayWidth(TEXTS[language].steps[step]))) + GAP_COLUMNS
  }

  /**
   * Shows where the steps stand now; what was said before is not said again.
   *
   * @param sinceMs when the running step began, in milliseconds since the epoch.
   */
  update(states: StepStates, progress?: RestoreStatus['progress'], sinceMs?: number): void {
    this.#stepSinceMs = sinceMs
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
    clearInterval(this.#timer)
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
    this.#redraw = () => {
      this.#output.write(ERASE_LINE + this.#runningLine(step, progress))
    }
    this.#redraw()
    this.#open = true
    // The time goes on where nothing else does; it must not keep the process alive.
    this.#timer ??= setInterval(() => {
      if (this.#open) this.#redraw?.()
    }, TICK_MS).unref()
  }

  /** The fullest line that fits: one that wraps could not be rewritten. */
  #runningLine(step: ProgressStep, progress: RestoreStatus['progress']): string {
    const label = INDENT + TEXTS[this.#language].steps[step]
    const number = INDENT + (/^\[\d\/\d\]/.exec(TEXTS[this.#language].steps[step])?.[0] ?? '')
    const known = progress?.step === step && progress.bytesTotal > 0 ? progress : undefined
    const part = known === undefined ? 0 : Math.min(1, known.bytesDone / known.bytesTotal)
    const whole = (step - 1 + part) / STEPS.length
    const percent = ` ${Math.round(whole * 100)}%`
    const rest = bytesText(known) + this.#elapsed()
    const bar = (columns: number): string => {
      const filled = Math.round(whole * columns)
      return ` [${'#'.repeat(filled)}${'.'.repeat(columns - filled)}]${percent}`
    }
    const candidates = [
      this.#line(step, 'running') + bar(BAR_COLUMNS) + rest,
      this.#line(step, 'running') + bar(BAR_COLUMNS / 2) + rest,
      label + bar(BAR_COLUMNS / 2) + rest,
      number + bar(BAR_COLUMNS / 2) + rest,
      number + bar(BAR_COLUMNS / 4) + rest,
      number + percent + rest,
    ]
    return candidates.find((line) => displayWidth(line) < this.#output.columns) ?? number + percent
  }

  #elapsed(): string {
    const elapsedMs = this.#stepSinceMs === undefined ? 0 : this.#clock.nowMs() - this.#stepSinceMs
    return elapsedMs < SHORTEST_TOLD_MS ? '' : ` ${humanDuration(elapsedMs)}`
  }

  #settled(line: string): void {
    this.#output.line(this.#open ? ERASE_LINE + line : line)
    this.#open = false
  }
}

/** `1.2/3.4 GB` of this step; a file that is copied in a moment needs no figures. */
function bytesText(progress: RestoreStatus['progress']): string {
  if (progress === undefined || progress.bytesTotal < SMALLEST_TOLD_BYTES) return ''
  const [done, total] = [humanSize(progress.bytesDone), humanSize(progress.bytesTotal)]
  const [figure = '', unit] = done.split(' ')
  return total.endsWith(` ${unit ?? ''}`) ? ` ${figure}/${total}` : ` ${done}/${total}`
}
