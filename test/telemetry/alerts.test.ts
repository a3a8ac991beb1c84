import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'yaml'

import { ALL_METRICS } from '../../src/telemetry/registry.ts'
import { dashboardQueries, metricNamesIn, readText, rulesOf, runbookNames, type Rule } from './repository.ts'

const RUNBOOKS = 'https://github.com/modosu/modosu/blob/main/docs/runbooks/'

type Alert = Rule & { readonly alert: string }

const alerts = rulesOf('modosu.alerts.yaml').filter((rule): rule is Alert => rule.alert !== undefined)

interface TestGroup {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
}

/** What the tests show of an alert: quiet before it fires, firing, and quiet again. */
function shown(alert: string): readonly string[] {
  const { tests } = parse(readText('deploy', 'prometheus', 'modosu.alerts.test.yaml')) as { tests: TestGroup[] }
  return tests
    .map(({ alert_rule_test }) => alert_rule_test.filter(({ alertname }) => alertname === alert))
    .map((evaluations) => evaluations.map(({ exp_alerts }) => (exp_alerts.length === 0 ? 'quiet' : 'fires')).join(' '))
}

describe('each alert', () => {
  it('is tested to stay quiet, to fire, and to resolve', () => {
    for (const { alert } of alerts) {
      assert.ok(
        shown(alert).some((story) => /^quiet( quiet)* fires( .*)* quiet$/.test(story)),
        alert,
      )
    }
  })

  it('has a level of the manual, a severity, and texts that say where', () => {
    for (const { alert, labels = {}, annotations = {} } of alerts) {
      assert.match(labels['level'] ?? '', /^L[123]$/, alert)
      assert.match(labels['severity'] ?? '', /^(info|warning|critical)$/, alert)
      for (const key of ['summary', 'description']) assert.ok((annotations[key] ?? '').length > 20, `${alert} ${key}`)
      assert.match(`${annotations['summary'] ?? ''} ${annotations['description'] ?? ''}`, /\$labels\./, alert)
    }
  })

  it('has a runbook, and each runbook an alert', () => {
    for (const { alert, annotations = {} } of alerts) assert.equal(annotations['runbook_url'], `${RUNBOOKS}${alert}.md`)
    assert.deepEqual(runbookNames().sort(), alerts.map(({ alert }) => `${alert}.md`).sort())
  })

  it('stands in one row of the escalation table of the manual', () => {
    const table: readonly (readonly [string, string])[] = [
      ['ModosuRestoreNeedsReview', 'L1'],
      ['ModosuRestoreNotAcknowledged', 'L2'],
      ['ModosuBackupVerifyFailed', 'L1'],
      ['ModosuRestoreRolledBack', 'L2'],
      ['ModosuBackupsVerifyFailed', 'L2'],
      ['ModosuRollbackFailed', 'L3'],
      ['ModosuNoRestorableBackup', 'L3'],
    ]
    assert.deepEqual(
      alerts.slice(0, table.length).map(({ alert, labels }) => [alert, labels?.['level']]),
      table,
    )
  })
})

describe('each runbook', () => {
  it('says its level, what it means, what to look at, what to do and when to escalate', () => {
    for (const { alert, labels } of alerts) {
      const text = readText('docs', 'runbooks', `${alert}.md`)
      const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading)
      assert.deepEqual(headings, [alert, 'What it means', 'What to look at', 'What to do', 'When to escalate'])
      assert.ok(text.includes(`| ${labels?.['level']} | ${labels?.['severity']} |`), alert)
    }
  })

  it('leads nowhere that is not there', () => {
    for (const name of [...runbookNames(), 'README.md']) {
      const links = [...readText('docs', 'runbooks', name).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link)
      for (const link of links) assert.ok(runbookNames().includes(link!), `${name}: ${link}`)
    }
  })

  it('is found from the index', () => {
    const index = readText('docs', 'runbooks', 'README.md')
    for (const name of runbookNames()) assert.ok(index.includes(`](${name})`), name)
  })
})

describe('queries', () => {
  const suffix = /_(bucket|sum|count)$/
  const own = new Set(ALL_METRICS.map(({ name }) => name))
  const recorded = new Set(rulesOf('modosu.rules.yaml').map(({ record }) => record))
  const known = (name: string): boolean =>
    own.has(name) ||
    own.has(name.replace(suffix, '')) ||
    recorded.has(name) ||
    /^(up|process_\w+|nodejs_\w+)$/.test(name)

  it('name only metrics that exist', () => {
    const rules = [...rulesOf('modosu.rules.yaml'), ...alerts].map(({ expr }) => expr)
    for (const expr of [...rules, ...dashboardQueries().map((query) => query.expr)]) {
      const names = metricNamesIn(expr)
      assert.deepEqual(
        names.filter((name) => !known(name)),
        [],
        expr,
      )
    }
  })

  it('of the dashboard show every metric of the program', () => {
    const used = new Set(
      [...dashboardQueries().map(({ expr }) => expr), ...rulesOf('modosu.rules.yaml').map(({ expr }) => expr)]
        .flatMap(metricNamesIn)
        .map((name) => (own.has(name) ? name : name.replace(suffix, ''))),
    )
    assert.deepEqual(
      [...own].filter((name) => !used.has(name)),
      [],
    )
  })
})

describe('docs/metrics.md', () => {
  it('lists every metric with its type, labels and meaning, and no other', () => {
    const rows = readText('docs', 'metrics.md')
      .split('\n')
      .flatMap((line) => {
        const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
        return /^`[a-z_]+`$/.test(cells[1] ?? '') && /^(counter|gauge|histogram)$/.test(cells[2] ?? '') ? [cells] : []
      })
    const expected = ALL_METRICS.map(({ name, type, labels, birth, help }) => [
      '',
      `\`${name}\``,
      type,
      Object.keys(labels).length === 0
        ? '–'
        : Object.keys(labels)
            .map((label) => `\`${label}\``)
            .join(', '),
      birth === 'zero' ? '0' : 'absent',
      help,
      '',
    ])
    assert.deepEqual(rows, expected)
  })
})
