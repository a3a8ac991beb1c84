/**
 * A checklist of a request: what the program has found out about each point, and what people have said. A point that the
 * program can judge is judged by it alone: nobody ticks over a finding. Pure.
 */

import type { Language } from '../messages.ts'
import type { DocumentSection } from './report-document.ts'
import { checklistWords, pointWords, type ChecklistName, type PointWords } from './checklist-words.ts'
import { oneLine, secondOf } from './wording.ts'
import type { Wording } from './verdicts.ts'

export const POINTS = 10
/** Recommended, and no more (manual 10-8). */
const OPTIONAL: Readonly<Record<ChecklistName, readonly number[]>> = { pre: [8], post: [] }

/** What the program knows of a point. */
export interface Finding {
  /** true, false: the program's verdict. null: it cannot know, a person says. */
  readonly fulfilled: boolean | null
  /** What that rests on, or what a person looks at. English; empty: nothing is known. */
  readonly evidence: string
}

/** What a person has said of a point last. */
export interface Tick {
  readonly point: number
  readonly ticked: boolean
  readonly actor: string
  readonly note: string | null
  /** RFC 3339. */
  readonly at: string
}

export interface PointState {
  readonly number: number
  readonly by: 'machine' | 'person'
  readonly done: boolean
  readonly optional: boolean
  readonly evidence: string
  /** Who ticked it; null: nobody, or the program. */
  readonly tickedBy: string | null
  readonly tickedAt: string | null
  readonly note: string | null
}

export interface Checklist {
  readonly list: ChecklistName
  readonly points: readonly PointState[]
  /** Numbers of the points that are neither done nor optional. */
  readonly open: readonly number[]
}

/** @param findings of the ten points, in order. */
export function checklistOf(list: ChecklistName, findings: readonly Finding[], ticks: readonly Tick[]): Checklist {
  const points = findings.map(({ fulfilled, evidence }, index): PointState => {
    const number = index + 1
    const optional = OPTIONAL[list].includes(number)
    const tick = ticks.find(({ point }) => point === number)
    const nobody = { tickedBy: null, tickedAt: null, note: null }
    if (fulfilled !== null) return { number, by: 'machine', done: fulfilled, optional, evidence, ...nobody }
    const done = tick?.ticked === true
    const who = tick === undefined ? nobody : { tickedBy: tick.actor, tickedAt: tick.at, note: tick.note }
    return { number, by: 'person', done, optional, evidence, ...who }
  })
  const open = points.filter(({ done, optional }) => !done && !optional).map(({ number }) => number)
  return { list, points, open }
}

/** A point with its words, for people and for programs. */
export interface SpokenPoint extends PointState, PointWords {}

export function spokenPoints({ list, points }: Checklist, { language, say }: Wording): readonly SpokenPoint[] {
  return points.map((point) => ({
    ...point,
    evidence: oneLine(say(point.evidence)),
    ...pointWords(list, point.number, language),
  }))
}

/** Of a report. */
export function checklistSection(checklist: Checklist, wording: Wording, timezone: string): DocumentSection {
  const words = checklistWords(wording.language)
  const rows = spokenPoints(checklist, wording).map((point) => [
    String(point.number),
    point.item,
    point.done ? words.done : words.open,
    whoText(point, wording.language, timezone),
    [point.evidence, point.note === null ? '' : oneLine(point.note)].filter((text) => text !== '').join('; '),
  ])
  return {
    key: `checklist-${checklist.list}`,
    title: words.titles[checklist.list],
    table: { columns: words.columns, rows },
  }
}

/** Who says that a point is done, or has to. */
export function whoText(point: PointState, language: Language, timezone: string): string {
  const words = checklistWords(language)
  if (point.by === 'machine') return words.machine
  if (point.tickedBy === null) return words.person
  return `${oneLine(point.tickedBy)} ${secondOf(point.tickedAt ?? undefined, timezone) ?? ''}`.trim()
}
