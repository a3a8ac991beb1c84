import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'node:test'

import { explain } from '../../src/cli/commands/explain.ts'
import { findReason, REASONS } from '../../src/domain/reasons.ts'
import { literalsOf, membersOf, reasonLiterals } from './reason-literals.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

describe('the catalogue of reasons, beside the sources', () => {
  it('has every reason that the program can give, and no other', () => {
    const literals = reasonLiterals(ROOT)
    const given = new Set(literals.map(({ reason }) => reason))
    assert.ok(given.size > 50, `only ${given.size} reasons were found in the sources`)
    const unknown = literals.filter(({ reason }) => !(reason in REASONS))
    assert.deepEqual(
      unknown.map(({ reason, place }) => `${reason} ${place}`),
      [],
    )
    assert.deepEqual(
      Object.keys(REASONS).filter((reason) => !given.has(reason)),
      [],
    )
  })

  it('explains every other word that a status, a table or an audit record shows', () => {
    const operations = literalsOf(ROOT, 'operation', /^[a-z-]+$/)
      // A child process has operations of its own.
      .filter(({ place }) => /src\/(controller|retention)\//.test(place))
      .map(({ reason }) => reason)
    assert.ok(operations.length > 5, operations.join())
    const types = membersOf(ROOT, ['ConditionType', 'CheckName', 'EscalationLevel', 'Phase'])
    assert.ok(types.length > 40, types.join())
    const unknown = [...operations, ...types].filter((word) => findReason(word) === undefined)
    assert.deepEqual(unknown, [])
    for (const word of [...operations, ...types]) {
      for (const language of ['en', 'ja'] as const) assert.ok(explain(word, language).length > 3, word)
    }
  })
})
