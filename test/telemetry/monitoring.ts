/** A real Prometheus that scrapes a daemon and tells a real Alertmanager, which tells receivers of the test's own. */

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after } from 'node:test'
import { parse, stringify } from 'yaml'

import { readText } from './repository.ts'
import { scratchDirectory } from './restores.ts'
import { freePort } from '../support/free-port.ts'
import { eventually, missing, serve } from './tools.ts'

/** For the option `skip` of a test. */
export const NO_MONITORING = missing('prometheus', 'prometheus-alertmanager')

/** Of Alertmanager's configuration, by level of the manual (12.1). */
export const RECEIVERS = {
  L1: ['operators'],
  L2: ['administrators', 'operators'],
  L3: ['management-and-vendor', 'administrators', 'operators'],
} as const

interface Series {
  readonly metric: Readonly<Record<string, string>>
  /** Seconds since the epoch, and the value as text. */
  readonly value: readonly [number, string]
}

export interface Monitoring {
  query(expr: string): Promise<readonly Series[]>
  /** Names of the alerts of a target that fire in Prometheus now. */
  firing(target: string): Promise<ReadonlySet<string>>
  /** Waits until each receiver was told, such as `firing ModosuDown`. */
  told(receivers: readonly string[], what: string): Promise<void>
}

/** The shipped routing, with a receiver of the test's own in each place and without the waiting. */
async function alertmanagerConfig(directory: string) {
  const told = new Map<string, string[]>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { receiver, alerts } = JSON.parse(body) as {
        receiver: string
        alerts: { status: string; labels: { alertname: string } }[]
      }
      const lines = alerts.map(({ status, labels }) => `${status} ${labels.alertname}`)
      told.set(receiver, [...(told.get(receiver) ?? []), ...lines])
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const shipped = readText('deploy', 'prometheus', 'alertmanager.yaml').replaceAll(
    /(group_wait|group_interval): \w+/g,
    '$1: 1s',
  )
  const config = parse(shipped) as { receivers: { name: string }[] }
  const receivers = config.receivers.map(({ name }) => ({ name, webhook_configs: [{ url, send_resolved: true }] }))
  const path = join(directory, 'alertmanager.yaml')
  writeFileSync(path, stringify({ ...config, receivers }))
  return { path, told }
}

/** The shipped scrape configuration and rules, every second, at the test's ports, and without the patience of `for`. */
function prometheusConfig(directory: string, daemonPort: number, alertmanagerPort: number): string {
  for (const file of ['modosu.rules.yaml', 'modosu.alerts.yaml']) {
    const rules = readText('deploy', 'prometheus', file).replaceAll(/^( *(?:for|interval)): \w+$/gm, '$1: 1s')
    writeFileSync(join(directory, file), rules)
  }
  const text = readText('deploy', 'prometheus', 'prometheus.yaml')
    .replaceAll('15s', '1s')
    .replace('127.0.0.1:9469', `127.0.0.1:${daemonPort}`)
    .replace('127.0.0.1:9093', `127.0.0.1:${alertmanagerPort}`)
  const path = join(directory, 'prometheus.yaml')
  writeFileSync(path, text)
  return path
}

/** Resolves when the daemon at the loopback port was scraped. Everything ends with the test file. */
export async function startMonitoring(daemonPort: number): Promise<Monitoring> {
  const directory = scratchDirectory()
  const [port, alertmanagerPort] = [await freePort(), await freePort()]
  const manager = await alertmanagerConfig(directory)
  const alertmanager = [
    `--config.file=${manager.path}`,
    `--storage.path=${join(directory, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=',
  ]
  const prometheus = [
    `--config.file=${prometheusConfig(directory, daemonPort, alertmanagerPort)}`,
    `--storage.tsdb.path=${join(directory, 'tsdb')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  serve('prometheus-alertmanager', alertmanager, directory)
  serve('prometheus', prometheus, directory)
  const api = `http://127.0.0.1:${port}/api/v1`
  const query: Monitoring['query'] = (expr) => ask(`${api}/query?query=${encodeURIComponent(expr)}`, 'result')
  await eventually(async () => ((await query('up{job="modosu"} == 1')).length === 1 ? true : undefined))
  return {
    query,
    firing: async (target) => {
      const alerts = await ask<{ state: string; labels: Record<string, string> }>(`${api}/alerts`, 'alerts')
      const own = alerts.filter(({ state, labels }) => state === 'firing' && labels['target'] === target)
      return new Set(own.map(({ labels }) => labels['alertname'] ?? ''))
    },
    told: async (receivers, what) => {
      const allTold = () => receivers.every((name) => manager.told.get(name)?.includes(what))
      await eventually(() => Promise.resolve(allTold() ? true : undefined))
    },
  }
}

async function ask<T>(url: string, key: string): Promise<readonly T[]> {
  const response = await fetch(url)
  const answer = (await response.json()) as { status: string; error?: string; data?: Record<string, T[]> }
  assert.equal(answer.status, 'success', `${decodeURIComponent(url)}: ${answer.error ?? ''}`)
  return answer.data?.[key] ?? []
}
