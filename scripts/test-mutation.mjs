/**
 * What the tests notice: `npm run test:mutation -- [OPTIONS]` takes one decision or act out of the compiled program at a time and runs the
 * test files that come past it, quickest first, until one fails. A mutant that none of them notices has its reason in
 * test/mutation/survivors.json, or is told as a gap; fewer than nine in ten noticed is a failure.
 *
 *   --sample N       so many mutants, spread over all files (default 200); 0: every one, which takes a day
 *   --seed N         another sample (default 1)
 *   --only WORD      files whose path contains it
 *   --tests WORD     only test files whose path contains it: quick, and its survivors may be noticed by others
 *   --with-long      the suites of npm run test:long as well
 *   --workers N      mutants at a time (default 2)
 *   --seconds N      of tests for one mutant; what has not been noticed by then counts as not noticed (default: all that come past it)
 *   --observed FILE  keeps there which tests come past which mutants, or takes it from there: of the same build only
 *   --minutes N      ends after the mutant at which so many have gone by
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isCovered, readCoverage } from './mutation/coverage.mjs'
import { mutantsOf } from './mutation/mutants.mjs'
import { Workshop } from './mutation/workshop.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
/** What decides over data: a mistake there is found out on somebody's worst day. */
const PLACES = ['controller/', 'catalog/', 'retention/', 'store/', 'spool/', 'database/']
const FLOOR = 0.9

const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    tests: { type: 'string', default: '' },
    'with-long': { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '600' },
    seconds: { type: 'string', default: '86400' },
    observed: { type: 'string', default: '' },
  },
})
const until = Date.now() + Number(values.minutes) * 60_000
const survivors = JSON.parse(readFileSync(join(ROOT, 'test/mutation/survivors.json'), 'utf8'))

function filesIn(folder, ending) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort()
}

/** As npm test chooses them: those that boot a machine take too long here. */
function testFiles() {
  return filesIn('build/test', '.test.js').filter(
    (file) =>
      !file.includes('/systemd/') &&
      file.includes(values.tests) &&
      (values['with-long'] || !file.endsWith('.long.test.js')),
  )
}

/** The same sequence for the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function everyMutant() {
  return filesIn('build/src', '.js')
    .map((path) => path.slice('build/src/'.length))
    .filter((path) => PLACES.some((place) => path.startsWith(place)))
    .flatMap((file) => mutantsOf(file, readFileSync(join(ROOT, 'build/src', file), 'utf8')))
    .map((mutant, index) => ({ ...mutant, index }))
}

function chosenOf(mutants) {
  const all = mutants.filter(({ file }) => file.includes(values.only))
  const random = randomOf(Number(values.seed))
  const shuffled = all.map((mutant) => ({ mutant, at: random() })).sort((one, other) => one.at - other.at)
  const count = Number(values.sample) === 0 ? all.length : Number(values.sample)
  process.stdout.write(`${all.length} mutants, ${Math.min(count, all.length)} of them tried\n`)
  return shuffled.slice(0, count).map(({ mutant }) => mutant)
}

/**
 * Runs every test file once on the program as it is.
 *
 * @returns of each test that passes: how long it takes, and the mutants that it comes past, by their indices.
 */
async function observe(workshops, mutants) {
  if (values.observed !== '' && existsSync(values.observed)) return JSON.parse(readFileSync(values.observed, 'utf8'))
  const waiting = testFiles()
  const observed = {}
  await Promise.all(
    workshops.map(async (workshop) => {
      for (let test = waiting.shift(); test !== undefined; test = waiting.shift()) {
        const folder = mkdtempSync(join(tmpdir(), 'modosu-coverage-'))
        const result = await workshop.run(test, { timeoutMs: 600_000, env: { NODE_V8_COVERAGE: folder } })
        const coverage = readCoverage(folder, workshop.sources)
        rmSync(folder, { recursive: true })
        if (!result.passed) {
          process.stdout.write(`left out, it fails on the program as it is: ${test}\n`)
          continue
        }
        const passed = mutants.filter(({ file, start }) => isCovered(coverage.get(file), start))
        observed[test] = { tookMs: result.tookMs, mutants: passed.map(({ index }) => index) }
      }
    }),
  )
  if (values.observed !== '') writeFileSync(values.observed, JSON.stringify(observed))
  return observed
}

/** What the tests that come past a mutant are tried in: those that have noticed one of the same file first, then the quickest. */
class Order {
  #covering = new Map()
  #noticed = new Map()

  constructor(observed) {
    for (const [test, { tookMs, mutants }] of Object.entries(observed)) {
      for (const index of mutants) {
        this.#covering.set(index, [...(this.#covering.get(index) ?? []), { test, tookMs }])
      }
    }
  }

  of({ index, file }) {
    const times = ({ test }) => this.#noticed.get(`${file} ${test}`) ?? 0
    const covering = this.#covering.get(index) ?? []
    return [...covering].sort((one, other) => times(other) - times(one) || one.tookMs - other.tookMs)
  }

  note({ file }, test) {
    const key = `${file} ${test}`
    this.#noticed.set(key, (this.#noticed.get(key) ?? 0) + 1)
  }
}

/** The test that notices, or null. */
async function noticedBy(workshop, mutant, order) {
  const endMs = Date.now() + Number(values.seconds) * 1000
  return workshop.with(mutant, async () => {
    for (const { test, tookMs } of order.of(mutant)) {
      const { passed } = await workshop.run(test, { timeoutMs: 20_000 + 4 * tookMs })
      if (!passed) {
        order.note(mutant, test)
        return test
      }
      if (Date.now() >= endMs) return null
    }
    return null
  })
}

function reasonFor({ file, from, to }) {
  return survivors.find((known) => known.file === file && known.from === from && known.to === to)?.reason ?? null
}

function oneLine(text) {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 99)}…` : line
}

async function main() {
  const every = everyMutant()
  const mutants = chosenOf(every)
  const workshops = Array.from(
    { length: Number(values.workers) },
    (_, number) => new Workshop(ROOT, join(ROOT, 'build-mutation', String(number))),
  )
  const order = new Order(await observe(workshops, every))
  const waiting = [...mutants]
  const results = []
  await Promise.all(
    workshops.map(async (workshop) => {
      for (let mutant = waiting.shift(); mutant !== undefined && Date.now() < until; mutant = waiting.shift()) {
        const test = await noticedBy(workshop, mutant, order)
        const reason = test === null ? reasonFor(mutant) : null
        results.push({ ...mutant, test, reason, covered: order.of(mutant).length })
        const verdict = test !== null ? `noticed by ${basename(test)}` : (reason ?? 'NOT NOTICED')
        process.stdout.write(
          `${mutant.file}:${mutant.line} ${oneLine(mutant.from)} → ${mutant.to || 'nothing'}: ${verdict}\n`,
        )
      }
    }),
  )
  for (const workshop of workshops) workshop.remove()
  writeFileSync(join(ROOT, 'build-mutation/results.json'), JSON.stringify(results, null, 1))
  const gaps = results.filter(({ test, reason }) => test === null && reason === null)
  const noticed = results.length - gaps.length
  process.stdout.write(`${noticed} passed, ${gaps.length} failed\n`)
  process.exitCode = noticed / Math.max(1, results.length) < FLOOR ? 1 : 0
}

await main()
