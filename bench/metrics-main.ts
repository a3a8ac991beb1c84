/** Prints what scrapes cost: `npm run build:test && node build/bench/metrics-main.js`. */

import { measureMetrics } from './metrics.ts'

const sizes = [
  [0, 1],
  [1000, 1],
  [26_000, 1],
  [26_000, 10],
] as const

console.log('restores | targets | start ms | scrape ms (p50) | scrape ms (p99) | KB')
for (const [restores, targets] of sizes) {
  const figures = await measureMetrics(restores, targets)
  const cells = [
    figures.restores,
    figures.targets,
    figures.startMs.toFixed(0),
    figures.scrapeMs.toFixed(2),
    figures.scrapeP99Ms.toFixed(2),
    (figures.scrapeBytes / 1024).toFixed(0),
  ]
  console.log(cells.join(' | '))
}
