/** Runs cases through every door at once, and holds what each of them tells against the others. */

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { after, before, it } from 'node:test'

import { CASES, REFUSED_BY_THE_MANUAL } from './four-doors-cases.ts'
import { DOORS, Doors, Way } from './four-doors.ts'

export function comparesDoors(names: readonly string[]): void {
  const doors = new Doors()
  const ways = new Map<string, readonly Way[]>()
  const outcomes = new Map<string, readonly PromiseSettledResult<unknown>[]>()

  before(async () => {
    for (const name of names) {
      ways.set(
        name,
        DOORS.map((door, index) => new Way(doors, door, `${name}-${index + 1}`)),
      )
      for (const way of ways.get(name) ?? []) doors.addTarget(way.target, CASES[name]!)
    }
    await doors.start()
    // A few at once: the others would wait for the same two processors.
    for (const [name, each] of ways)
      outcomes.set(name, await Promise.allSettled(each.map((way) => CASES[name]!.run(way))))
  })
  after(() => doors.installation.remove())

  for (const name of names) {
    it(`${name}: the same status, audit and metrics whoever asked by which door`, async () => {
      const settled = outcomes.get(name) ?? []
      for (const [index, each] of settled.entries()) {
        if (each.status === 'rejected') assert.fail(`by ${DOORS[index] ?? ''}: ${inspect(each.reason)}`)
      }
      const [first, ...others] = ways.get(name) ?? []
      const expected = await first!.told()
      for (const way of others) {
        if (way.door === 'manual API' && REFUSED_BY_THE_MANUAL.includes(name)) continue
        assert.deepEqual(await way.told(), expected, `${way.door} against ${first!.door}`)
      }
    })
  }
}
