/** What axe-core finds wrong with a page for people who see, hear or move otherwise. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Results {
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
  }[]
}

/** One line each; empty: nothing. */
export async function violations(page: Page): Promise<readonly string[]> {
  // The debugger's door: the policy of the page lets no script in.
  await page.evaluate(SOURCE)
  const results = await page.evaluate<Results>('axe.run(document, { resultTypes: ["violations"] })')
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary}`),
  )
}
