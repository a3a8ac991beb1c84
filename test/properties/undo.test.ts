import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { openStateReader } from '../../src/store/reader.ts'
import type { StoredRequest } from '../../src/store/rows.ts'
import { Life, type Result } from './life.ts'
import type { Call } from './protocol.ts'
import { manifestOf, type Wish } from './steps.ts'
import { targetsOf, World, type BackupName } from './world.ts'

const RUNS = Number(process.env['MODOSU_PROPERTY_RUNS'] ?? 2)
const SEED = process.env['MODOSU_PROPERTY_SEED']
const LONGEST = Number(process.env['MODOSU_PROPERTY_STEPS'] ?? 9)
const DAY_MS = 86_400_000

type Step =
  | {
      readonly kind: 'restore'
      readonly source: BackupName
      readonly mode: Wish['mode']
      readonly backupCurrent: boolean
      /** The application is not healthy with what was restored. */
      readonly unhealthy: boolean
    }
  | { readonly kind: 'rollback' | 'commit' }
  /** A safety backup by its name, of a clock that was ahead or of somebody's own. */
  | { readonly kind: 'stray'; readonly digits: string }
  | { readonly kind: 'jump'; readonly byMs: number }
  | { readonly kind: 'crash'; readonly point: string }

const usually = <T>(usual: T, other: T) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 6 }, { arbitrary: fc.constant(other), weight: 1 })

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('restore'),
      source: fc.constantFrom<BackupName>('a', 'b', 'a', 'b', 'a', 'b', 'torn', 'thin'),
      mode: fc.constantFrom<Wish['mode']>('Restore', 'Restore', 'Restore', 'Restore', 'Restore', 'Drill', 'DryRun'),
      backupCurrent: usually(true, false),
      unhealthy: usually(false, true),
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ kind: fc.constant('rollback') }), weight: 8 },
  { arbitrary: fc.record({ kind: fc.constant('commit') }), weight: 4 },
  {
    arbitrary: fc.record({
      kind: fc.constant('stray'),
      digits: fc.constantFrom('20360101000000', '20200101000000'),
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('jump'), byMs: fc.constantFrom(-3650 * DAY_MS, -DAY_MS, 3650 * DAY_MS) }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('crash'),
      point: fc.constantFrom(
        'Swapping.renamed',
        'Resuming.healthy',
        'Resuming.settled',
        'Resuming.end',
        'Preflight.end',
      ),
    }),
    weight: 2,
  },
)

const FAILS_ITS_CHECKS = {
  kind: 'restore',
  source: 'b',
  mode: 'Restore',
  backupCurrent: true,
  unhealthy: true,
} as const

/** The newest restore never took effect, its predecessor is a `.broken.` file, a clock was ahead: one after the other. */
const EXAMPLE: readonly Step[] = [
  { ...FAILS_ITS_CHECKS, source: 'a', unhealthy: false },
  { kind: 'commit' },
  FAILS_ITS_CHECKS,
  { kind: 'stray', digits: '20360101000000' },
  { kind: 'rollback' },
  { kind: 'commit' },
  { ...FAILS_ITS_CHECKS, backupCurrent: false },
  { kind: 'jump', byMs: -DAY_MS },
  { kind: 'rollback' },
]

const NOTHING = 'nothing that could be put back'

/** What one database went through: what it holds, and what the last restore that took effect has replaced. */
class History {
  readonly #world = new World()
  readonly #tally: Map<string, number>
  readonly #targets = targetsOf(this.#world.root).map((target) => ({
    ...target,
    rateLimit: { restores: 10_000, windowMs: 1000 },
  }))
  #content = this.#world.contentOf(this.#world.database('app'))
  #replaced = NOTHING
  #offsetMs = 0
  #restores = 0
  #life: Life | null = null

  constructor(tally: Map<string, number>) {
    this.#tally = tally
  }

  async live(steps: readonly Step[]): Promise<void> {
    try {
      for (const step of steps) await this.#take(step)
      await this.#rollback()
    } finally {
      await this.#life?.kill()
      this.#world.remove()
    }
  }

  async #take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'restore':
        await this.#restore(step)
        return
      case 'rollback':
        await this.#rollback()
        return
      case 'commit':
        this.#content = this.#world.commit('app')
        return
      case 'stray':
        copyFileSync(
          join(this.#world.root, 'other', 'live.db'),
          join(this.#world.root, 'app', 'backups', `restore_safety_${step.digits}.db`),
        )
        return
      case 'jump':
        this.#offsetMs += step.byMs
        await this.#call({ act: 'clock', offsetMs: this.#offsetMs })
        return
      case 'crash':
        await this.#call({ act: 'failpoint', point: step.point })
    }
  }

  async #restore({ source, mode, backupCurrent, unhealthy }: Extract<Step, { kind: 'restore' }>): Promise<void> {
    this.#restores += 1
    const name = `inc-${this.#restores}`
    const rest = { confirm: true, suspend: false, approvals: 0, window: 'none' } as const
    const wish = { ...rest, name: name as Wish['name'], target: 'app', source, mode, backupCurrent } as const
    this.#world.setFault('app', 'health', unhealthy)
    await this.#call({ act: 'submit', manifest: manifestOf(wish, Date.now() + this.#offsetMs) })
    const request = await this.#ended(name)
    this.#world.setFault('app', 'health', false)
    const now = this.#world.contentOf(this.#world.database('app'))
    if (!tookEffect(request)) {
      assert.equal(now, this.#content, `${name} ended ${request.phase}`)
      return
    }
    assert.equal(now, `app backup ${source}`, `${name} ended ${request.phase}`)
    // The original of a restore that waived its safety backup is kept where the restore failed, and let go where not.
    const kept = backupCurrent || request.phase === 'Failed'
    this.#replaced = kept ? this.#content : NOTHING
    this.#content = now
  }

  async #rollback(): Promise<void> {
    const asked = await this.#askForRollback()
    const request = asked.refused ? undefined : await this.#ended(asked.text)
    const found = this.#world.contentOf(this.#world.database('app'))
    const said = request?.status.message ?? asked.text
    this.#count(request?.phase ?? 'refused')
    if (this.#replaced === NOTHING) {
      assert.equal(found, this.#content, `there was nothing to put back, and the database changed: ${said}`)
      assert.notEqual(request?.phase, 'Succeeded')
      return
    }
    assert.equal(found, this.#replaced, `the undo puts back what the last effective restore replaced: ${said}`)
    assert.equal(request?.phase, 'Succeeded', said)
    this.#replaced = this.#content
    this.#content = found
  }

  /** Asked once more where the controller died of a failpoint before the request was stored. */
  async #askForRollback(): Promise<Exclude<Result, 'died'>> {
    for (;;) {
      const asked = await this.#call({ act: 'rollback', target: 'app' })
      if (asked !== 'died') return asked
      const stored = this.#unfinishedRollback()
      if (stored !== undefined) return { text: stored, refused: false }
    }
  }

  #unfinishedRollback(): string | undefined {
    return this.#read((reader) =>
      reader
        .requests()
        .filter(({ phase, name }) => phase !== 'Succeeded' && name.startsWith('rollback-'))
        .at(-1),
    )?.name
  }

  async #ended(name: string): Promise<StoredRequest> {
    while ((await this.#call({ act: 'settle' })) === 'died');
    const request = this.#read((reader) => reader.request(name))
    assert.ok(request !== undefined, `${name} is stored`)
    return request
  }

  #read<T>(look: (reader: ReturnType<typeof openStateReader>) => T): T {
    const reader = openStateReader(join(this.#world.root, 'state'))
    try {
      return look(reader)
    } finally {
      reader.close()
    }
  }

  async #call(call: Call): Promise<Result> {
    if (this.#life?.dead === true) this.#life = null
    this.#life ??= await Life.begin({
      root: this.#world.root,
      targets: this.#targets,
      clockOffsetMs: this.#offsetMs,
    })
    const result = await this.#life.call(call)
    if (result === 'died') this.#count('died')
    return result
  }

  #count(end: string): void {
    this.#tally.set(end, (this.#tally.get(end) ?? 0) + 1)
  }
}

function tookEffect({ phase, spec, status }: StoredRequest): boolean {
  if (spec.mode !== 'Restore') return false
  const left = status.conditions.some((condition) => condition.type === 'RolledBack' && condition.status === 'False')
  return phase === 'Succeeded' || (phase === 'Failed' && left)
}

describe('the undo of a restore, whatever came before it', () => {
  it('puts back exactly what the last restore that took effect has replaced, any number of times', async (context) => {
    const tally = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 4, maxLength: LONGEST, size: 'max' }), (steps) =>
        new History(tally).live(steps),
      ),
      {
        numRuns: RUNS,
        examples: [[[...EXAMPLE]]],
        seed: SEED === undefined ? Date.now() % 2 ** 31 : Number(SEED),
        endOnFailure: RUNS < 50,
        includeErrorInReport: true,
      },
    )
    context.diagnostic(`ends of rollbacks, and deaths: ${JSON.stringify(Object.fromEntries(tally))}`)
  })
})
