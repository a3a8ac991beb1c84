/** The way from a path back to the place in the source, and the checks that need the parsed nodes themselves. */

import { isAlias, isMap, isPair, isScalar, isSeq, type Alias, type Document, type Pair } from 'yaml'
import type { Finding, PathStep } from './problem.ts'

type Parsed = Document.Parsed

/** A finding whose place is known by offset: two equal keys have one path. */
export interface PlacedFinding extends Finding {
  readonly offset: number
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : ''
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const start: unknown = node.range[0]
  return typeof start === 'number' ? start : undefined
}

function resolved(document: Parsed, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

/** How the file writes the number, the boolean or the null at a path; undefined where something else stands there. */
export function sourceAt(document: Parsed, path: readonly PathStep[]): string | undefined {
  let node: unknown = document.contents
  for (const step of path) {
    const container = resolved(document, node)
    if (isMap(container)) node = container.items.find((item) => keyText(item) === String(step))?.value
    else if (isSeq(container)) node = container.items[Number(step)]
    else return undefined
  }
  const scalar = resolved(document, node)
  if (!isScalar(scalar) || typeof scalar.value === 'string') return undefined
  return scalar.source
}

/**
 * The offset of the value at a path, or of the key that leads to it. Where the path ends early (a missing key), the
 * nearest place above it: the key under which something is missing says more than the line after it.
 */
export function locate(document: Parsed, path: readonly PathStep[], atKey: boolean): number {
  let node: unknown = document.contents
  let place = offsetOf(node) ?? document.range[0]
  for (const [depth, step] of path.entries()) {
    const container = resolved(document, node)
    if (isMap(container)) {
      const pair = container.items.find((item) => keyText(item) === String(step))
      if (pair === undefined) return place
      const last = depth === path.length - 1
      const keyOffset = offsetOf(pair.key)
      const valueOffset = isMap(pair.value) || isSeq(pair.value) || atKey ? undefined : offsetOf(pair.value)
      place = (last ? valueOffset : undefined) ?? keyOffset ?? place
      node = pair.value
    } else if (isSeq(container)) {
      node = container.items[Number(step)]
      place = offsetOf(node) ?? place
    } else return place
  }
  return place
}

/** Calls back for every node; depth is bounded before. */
function walk(
  node: unknown,
  path: readonly PathStep[],
  visit: (node: unknown, path: readonly PathStep[]) => void,
): void {
  visit(node, path)
  if (isMap(node)) {
    for (const pair of node.items) walk(pair.value, [...path, keyText(pair)], visit)
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) {
      // A pair inside a flow sequence (`[a: b]`) is a mapping of its own.
      walk(isPair(item) ? item.value : item, [...path, index], visit)
    }
  }
}

/** Two equal keys in one mapping: YAML forbids them, and readers disagree on which one wins. */
export function findDuplicateKeys(document: Parsed): PlacedFinding[] {
  const findings: PlacedFinding[] = []
  walk(document.contents, [], (node, path) => {
    if (!isMap(node)) return
    const seen = new Set<string>()
    for (const pair of node.items) {
      const key = keyText(pair)
      if (seen.has(key)) {
        findings.push({
          path: [...path, key],
          atKey: true,
          offset: offsetOf(pair.key) ?? 0,
          message: `the key "${key}" is given twice`,
          hint: 'keep one of them',
        })
      }
      seen.add(key)
    }
  })
  return findings
}

/** Aliases without an anchor before them, and aliases of a collection from inside itself, which never ends. */
export function findUnresolvedAliases(document: Parsed): PlacedFinding[] {
  const aliases: { readonly node: Alias; readonly path: readonly PathStep[] }[] = []
  walk(document.contents, [], (node, path) => {
    if (isAlias(node)) aliases.push({ node, path })
  })
  return aliases.flatMap(({ node, path }) => {
    const target = node.resolve(document)
    const offset = offsetOf(node) ?? 0
    const fault = { path, atKey: false, offset, hint: 'write the value out' }
    if (target === undefined) return [{ ...fault, message: `the alias *${node.source} has no anchor before it` }]
    if ((target.range?.[1] ?? 0) >= offset)
      return [{ ...fault, message: `the alias *${node.source} stands inside its own anchor` }]
    return []
  })
}
