/** The repository's own files, as a test reads them from wherever it was compiled to. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const ROOT = join(import.meta.dirname, '..', '..', '..')

export function readText(...path: readonly string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8')
}

export interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export function rulesOf(file: string): Rule[] {
  const { groups } = parse(readText('deploy', 'prometheus', file)) as { groups: { rules: Rule[] }[] }
  return groups.flatMap(({ rules }) => rules)
}

export function runbookNames(): string[] {
  return readdirSync(join(ROOT, 'docs', 'runbooks')).filter((name) => name.endsWith('.md') && name !== 'README.md')
}

/** Every query of the dashboard, its variables replaced by what Grafana would put there. */
export function dashboardQueries(): { readonly panel: string; readonly expr: string }[] {
  const { panels, annotations } = JSON.parse(readText('deploy', 'grafana', 'modosu.json')) as {
    panels: { title: string; targets?: { expr: string }[] }[]
    annotations: { list: { name: string; expr?: string }[] }
  }
  const all = [
    ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ panel: title, expr }))),
    ...annotations.list.flatMap(({ name, expr }) => (expr === undefined ? [] : [{ panel: name, expr }])),
  ]
  return all.map(({ panel, expr }) => ({ panel, expr: withoutVariables(expr) }))
}

function withoutVariables(expr: string): string {
  return expr
    .replaceAll('$job', 'modosu')
    .replaceAll(/\$(instance|target)\b/g, '.*')
    .replaceAll(/\$__(rate_interval|interval|range)\b/g, '5m')
}

/** Names of metrics in a query: what is left when labels, strings and the words of the language are taken away. */
export function metricNamesIn(expr: string): string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(by|on|ignoring|without)\s*\([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)]
    .map(([name]) => name)
    .filter((name) => /[_:]/.test(name) || name === 'up')
    .filter((name) => !FUNCTIONS.has(name))
}

const FUNCTIONS = new Set(['histogram_quantile', 'label_replace', 'clamp_max', 'min_over_time'])
