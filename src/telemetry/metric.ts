/** A metric as data, and the step from the data to prom-client's instruments, each series born with its first value. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/**
 * Where a label's values come from. A list is a closed set of the program's own; the names stand for sets that the
 * configuration closes. No label takes a value that the author of a request chooses.
 */
export type LabelValues = readonly string[] | 'target' | 'anyTarget' | 'job' | 'build'

export interface MetricDefinition {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** For a reader of /metrics who has no other document: what it says, and what to make of it. */
  readonly help: string
  readonly labels: Readonly<Record<string, LabelValues>>
  /** Upper bounds, in the unit of the name. */
  readonly buckets?: readonly number[]
  /** `absent`: a 0 would be a false statement, so the series appears with the first fact. */
  readonly birth: 'zero' | 'absent'
}

export type Definitions = Readonly<Record<string, MetricDefinition>>

type LabelsOf<D extends MetricDefinition> = keyof D['labels'] & string

type InstrumentOf<D extends MetricDefinition> = D['type'] extends 'counter'
  ? Counter<LabelsOf<D>>
  : D['type'] extends 'gauge'
    ? Gauge<LabelsOf<D>>
    : Histogram<LabelsOf<D>>

export type Instruments<D extends Definitions> = { readonly [K in keyof D]: InstrumentOf<D[K]> }

/** The sets that the configuration closes. */
interface LabelSets {
  readonly targetNames: Iterable<string>
  readonly jobs: readonly string[]
}

export interface Scope extends LabelSets {
  readonly register: Registry
  /** Changes when the configuration is reloaded: whoever keeps it sees the targets of now. */
  readonly targetNames: ReadonlySet<string>
  /** Told of targets that come and go, each metric with labels of targets. */
  readonly followers: ((come: readonly string[], gone: readonly string[]) => void)[]
}

/** Takes the outcome of a request whose target is not configured: its author chose the name, so no label may have it. */
export const UNKNOWN_TARGET = '_unknown'

/** Makes the instruments of one area and brings every series to life that may start at 0. */
export function createInstruments<const D extends Definitions>(definitions: D, scope: Scope): Instruments<D> {
  const made = Object.entries(definitions).map(([key, definition]) => {
    const instrument = createInstrument(definition, scope)
    scope.followers.push(followerOf(definition, instrument, scope.jobs))
    return [key, instrument]
  })
  return Object.fromEntries(made) as Instruments<D>
}

function createInstrument(definition: MetricDefinition, scope: Scope): Counter | Gauge | Histogram {
  const { name, help, birth } = definition
  const configuration = { name, help, labelNames: Object.keys(definition.labels), registers: [scope.register] }
  const series = birth === 'zero' ? seriesOf(definition, scope) : []
  switch (definition.type) {
    case 'counter': {
      const counter = new Counter(configuration)
      for (const labels of series) counter.inc(labels, 0)
      return counter
    }
    case 'gauge': {
      const gauge = new Gauge(configuration)
      // prom-client gives a gauge without labels the value 0 by itself.
      if (birth === 'absent') gauge.remove({})
      for (const labels of series) gauge.set(labels, 0)
      return gauge
    }
    case 'histogram': {
      const histogram = new Histogram({ ...configuration, buckets: [...(definition.buckets ?? [])] })
      for (const labels of series) histogram.zero(labels)
      return histogram
    }
  }
}

/** Gives the series of a new target their birth, and takes those of one that is gone away. */
function followerOf(definition: MetricDefinition, instrument: Counter | Gauge | Histogram, jobs: readonly string[]) {
  const ofTargets = Object.values(definition.labels).some((values) => values === 'target' || values === 'anyTarget')
  const series = (targetNames: readonly string[]) =>
    seriesOf(definition, { targetNames, jobs }).filter(({ target }) => target !== UNKNOWN_TARGET)
  return (come: readonly string[], gone: readonly string[]): void => {
    if (!ofTargets) return
    for (const labels of series(gone)) instrument.remove(labels)
    if (definition.birth === 'absent') return
    for (const labels of series(come)) {
      if (instrument instanceof Counter) instrument.inc(labels, 0)
      else if (instrument instanceof Gauge) instrument.set(labels, 0)
      else instrument.zero(labels)
    }
  }
}

/** Milliseconds as seconds; never negative (a clock may be set back) and never a number that prom-client refuses. */
export function secondsOf(durationMs: number): number {
  return atLeastZero(durationMs) / 1000
}

/** What a counter can take: prom-client throws on a negative number and on none. */
export function atLeastZero(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0
}

/** Every combination of a metric's label values. */
export function seriesOf(definition: MetricDefinition, scope: LabelSets): Record<string, string>[] {
  let series: Record<string, string>[] = [{}]
  for (const [label, values] of Object.entries(definition.labels)) {
    series = series.flatMap((labels) => valuesOf(values, scope).map((value) => ({ ...labels, [label]: value })))
  }
  return series
}

function valuesOf(values: LabelValues, scope: LabelSets): readonly string[] {
  if (typeof values !== 'string') return values
  switch (values) {
    case 'target':
      return [...scope.targetNames]
    case 'anyTarget':
      return [...scope.targetNames, UNKNOWN_TARGET]
    case 'job':
      return scope.jobs
    case 'build':
      return []
  }
}

/** Sets a gauge's series, or takes it away where nothing is known. */
export function setOrRemove<L extends Record<string, string>>(
  gauge: { set(labels: L, value: number): void; remove(labels: L): void },
  labels: L,
  value: number | null,
): void {
  if (value === null) gauge.remove(labels)
  else gauge.set(labels, value)
}
