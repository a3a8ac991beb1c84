import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { displayWidth, padTo } from '../../src/cli/display-width.ts'
import { age, dateAndTime, humanDuration, megabytes } from '../../src/cli/human.ts'
import { unifiedDiff } from '../../src/cli/line-diff.ts'
import { printable } from '../../src/cli/printable.ts'
import { plainName } from '../../src/cli/reference.ts'
import { humanSize } from '../../src/domain/size.ts'
import { TableRenderer, tableLines } from '../../src/cli/table.ts'

describe('an age', () => {
  it('reads as kubectl writes it', () => {
    for (const [seconds, text] of [
      [-5, '0s'],
      [0, '0s'],
      [119, '119s'],
      [120, '2m'],
      [605, '10m'],
      [330, '5m30s'],
      [10_799, '179m'],
      [10_800, '3h'],
      [4 * 3600 + 600, '4h10m'],
      [47 * 3600, '47h'],
      [50 * 3600, '2d2h'],
      [9 * 86_400, '9d'],
      [3 * 365 * 86_400, '3y'],
    ] as const) {
      assert.equal(humanDuration(seconds * 1000), text)
    }
  })

  it('of something that is no time is unknown', () => {
    assert.equal(age('yesterday', 0), '<unknown>')
  })
})

describe('a size', () => {
  it('is base 1024 with one decimal: 3,358,720 bytes are 3.2 MB (D22)', () => {
    assert.equal(humanSize(3_358_720), '3.2 MB')
    assert.equal(megabytes(3_358_720), '3.2 MB')
    assert.equal(humanSize(1023), '1023 B')
    assert.equal(humanSize(1024), '1.0 KB')
    assert.equal(megabytes(4096), '0.0 MB')
    assert.equal(humanSize(5 * 1024 ** 4), '5.0 TB')
  })
})

it('a time is written in UTC, as the manual writes it', () => {
  assert.equal(dateAndTime(Date.parse('2026-02-15T02:00:15.000Z')), '2026-02-15 02:00:15')
})

describe('a text of somebody else', () => {
  it('cannot move the cursor, colour the line or hide what follows', () => {
    assert.equal(printable('a\u001b[31mb\r\nc\td'), 'a\\u{1b}[31mb c d')
    assert.equal(printable('x\u202Egnp.exe\u200B'), 'x\\u{202e}gnp.exe\\u{200b}')
    assert.equal(printable('誤操作によるインシデント削除'), '誤操作によるインシデント削除')
  })

  it('never keeps a control character, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(printable(text), /\p{Cc}/u)
      }),
    )
  })
})

it('Japanese characters take two columns', () => {
  assert.equal(displayWidth('[1/5] 安全バックアップを作成中...'), 33)
  assert.equal(padTo('完了', 6), '完了  ')
})

describe('a table', () => {
  it('has its columns three spaces apart and no spaces at the end', () => {
    assert.deepEqual(
      tableLines(
        ['NAME', 'REASON', 'AGE'],
        [
          ['a', null, '5s'],
          ['long-name', '理由', ''],
        ],
      ),
      ['NAME        REASON   AGE', 'a           <none>   5s', 'long-name   理由     <none>'],
    )
  })

  it('keeps its columns when more rows follow', () => {
    const table = new TableRenderer()
    table.lines([['long-name', 'x']])
    assert.deepEqual(table.lines([['a', 'y']]), ['a           y'])
  })

  it('colours a cell without counting the colour', () => {
    const red = { text: 'bad', style: (text: string) => `<${text}>` }
    assert.deepEqual(tableLines(['RESULT', 'MORE'], [[red, 'x']]), ['RESULT   MORE', '<bad   >   x'])
  })
})

describe('a reference', () => {
  it('is a name with its kind before it, and either is taken back', () => {
    assert.equal(plainName('restorerequest.modosu.dev/inc-1'), 'inc-1')
    assert.equal(plainName('inc-1'), 'inc-1')
    assert.equal(plainName('backup/BKP-1'), 'BKP-1')
    assert.equal(plainName('daily/app.db'), 'daily/app.db')
  })
})

describe('a difference', () => {
  it('shows what goes and what comes, with three lines around it', () => {
    const before = ['1', '2', '3', '4', 'old', '6', '7', '8', '9']
    const after = before.map((line) => (line === 'old' ? 'new' : line))
    assert.deepEqual(unifiedDiff(before, after), ['@@ -2 +2 @@', ' 2', ' 3', ' 4', '-old', '+new', ' 6', ' 7', ' 8'])
    assert.deepEqual(unifiedDiff(before, before), [])
  })

  it('turns one text into the other, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const edits = unifiedDiff(before, after).filter((line) => !line.startsWith('@@'))
        const gone = edits.filter((line) => !line.startsWith('+')).map((line) => line.slice(1))
        const come = edits.filter((line) => !line.startsWith('-')).map((line) => line.slice(1))
        // Lines far from every change are left out, so what is shown is a part of each text, in order.
        assert.ok(isWithin(gone, before) && isWithin(come, after))
        assert.equal(come.length - gone.length, after.length - before.length)
      }),
    )
  })
})

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let next = 0
  for (const line of whole) if (part[next] === line) next += 1
  return next >= part.length
}
