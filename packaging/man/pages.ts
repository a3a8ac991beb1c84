/** All pages of the manual, by file name. */

import { CONFIGURATION_SCHEMA } from '../../src/manifest/configuration-schema.ts'
import { RESTORE_REQUEST_SCHEMA } from '../../src/manifest/restore-request-schema.ts'
import { commandPage, pageName } from './command-page.ts'
import { commandTree, flattened } from './command-tree.ts'
import { schemaPage, type SchemaPage } from './schema-page.ts'

/** The least that works, with a unit and one look at the data. */
export const LEAST_CONFIGURATION = `apiVersion: modosu.dev/v1
kind: Configuration
targets:
  - name: shop
    database: /srv/shop/shop.db
    backups: {path: /srv/shop/backups}
    service: {unit: shop.service}
    smokeQueries: [{name: orders, sql: SELECT COUNT(*) FROM orders, min: 1}]
`

/**
 * @param version of the program, shown at the foot of each page.
 * @param date as `2026-02-15`, shown there too.
 * @param request that the page of requests shows as its example.
 * @returns pairs of a file name, such as `modosu-restore.1`, and its text.
 */
export async function manualPages(
  version: string,
  date: string,
  request: string,
): Promise<readonly (readonly [name: string, text: string])[]> {
  const root = await commandTree(version)
  const head = { version, date }
  return [
    ...flattened(root).map((node) => [`${pageName(node)}.1`, commandPage(node, root, head)] as const),
    ...[configurationPage(LEAST_CONFIGURATION), requestPage(request)].map(
      (page) => [`${page.name}.5`, schemaPage(page, head)] as const,
    ),
  ]
}

function configurationPage(example: string): SchemaPage {
  return {
    name: 'modosu.yaml',
    summary: 'configuration of the Modosu daemon',
    introduction: [
      'One YAML file: --config FILE, else $MODOSU_CONFIG, else /etc/modosu/modosu.yaml. Relative paths begin at the ' +
        "file's own directory. Durations are a whole number with a unit: 500ms, 60s, 15m, 1h, 14d. An unknown key is an " +
        'error with a line, a column and a suggestion.',
      'modosu explain configuration.FIELD tells the same of one field.',
    ],
    schema: CONFIGURATION_SCHEMA,
    without: [],
    example,
    seeAlso: ['modosu', 'modosu-daemon', 'modosu-explain'],
  }
}

function requestPage(example: string): SchemaPage {
  return {
    name: 'modosu-restorerequest',
    summary: 'a request to restore a database',
    introduction: [
      'A YAML file in the spool directory asks for a restore. Write it beside the spool and move it in, so that no ' +
        'half-written file is ever there. The name is its identity: a request of one name runs once, however often its ' +
        'file is touched, renamed or put back.',
      'modosu validate -f FILE checks a file without a daemon; modosu explain spec.FIELD tells the same of one field.',
    ],
    schema: RESTORE_REQUEST_SCHEMA,
    without: ['status'],
    example,
    seeAlso: ['modosu', 'modosu-validate', 'modosu-submit', 'modosu-explain'],
  }
}
