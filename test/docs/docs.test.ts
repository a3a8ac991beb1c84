import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { commandTree } from '../../packaging/man/command-tree.ts'
import { commandLines, fault } from './command-line.ts'
import { anchors, documents, inlineCode, links, read, ROOT, shellLines } from './markdown.ts'

const TREE = await commandTree('1.2.3')
/** What README.md says is not there yet may be named as what will do a thing. */
const COMING = notThereYet()

function notThereYet(): ReadonlySet<string> {
  const [, section = ''] = /^## Not there yet$([\s\S]*?)^## /m.exec(read('README.md')) ?? []
  return new Set(Array.from(section.matchAll(/`(?:modosu )?([a-z]+)`/g), ([, name = '']) => name))
}

describe('the documents', () => {
  it('name commands and options that exist', () => {
    let seen = 0
    const faults = documents().flatMap((path) =>
      [...shellLines(path), ...inlineCode(path)].flatMap(({ place, text }) =>
        commandLines(text).flatMap((line) => {
          seen += 1
          const wrong = fault(TREE, line)
          return wrong === undefined || COMING.has(wrong.replace('modosu has no command ', ''))
            ? []
            : [`${place}: ${line}: ${wrong}`]
        }),
      ),
    )
    assert.ok(seen > 200, `${seen} commands were found`)
    assert.deepEqual(faults, [])
  })

  it('link to files and headings that are there', () => {
    let seen = 0
    const broken = documents().flatMap((path) =>
      links(path).flatMap(({ place, text, file, heading }) => {
        seen += 1
        if (!existsSync(join(ROOT, file))) return [`${place}: ${text}`]
        return heading === '' || anchors(file).has(heading) ? [] : [`${place}: ${text}: no such heading`]
      }),
    )
    assert.ok(seen > 70, `${seen} links were found`)
    assert.deepEqual(broken, [])
  })

  it('that are for operators exist in Japanese, with the same commands', () => {
    for (const name of ['install.md', 'first-restore.md', 'operations.md', 'manual-map.md']) {
      assert.ok(readdirSync(join(ROOT, 'docs/ja')).includes(name), name)
      const commands = (path: string) =>
        shellLines(path)
          .flatMap(({ text }) => commandLines(text))
          .map(withoutReason)
      assert.deepEqual(commands(`docs/ja/${name}`), commands(`docs/${name}`), name)
    }
  })

  it('of each alert exist in Japanese, with the same level and commands', () => {
    const names = readdirSync(join(ROOT, 'docs/runbooks')).filter((name) => /^Modosu\w+\.md$/.test(name))
    assert.ok(names.length > 30)
    const all = (path: string) => shellLines(path).map(({ text }) => text)
    const level = (path: string) => /^\| (L\d \| \w+) \|/m.exec(read(path))?.[1]
    for (const name of names) {
      const [english, japanese] = [`docs/runbooks/${name}`, `docs/runbooks/ja/${name}`]
      assert.deepEqual(all(japanese), all(english), name)
      assert.equal(level(japanese), level(english), name)
      const typed = (path: string) =>
        inlineCode(path)
          .flatMap(({ text }) => commandLines(text))
          .sort()
      assert.deepEqual(typed(japanese), typed(english), name)
      assert.ok(read('docs/runbooks/ja/README.md').includes(`](${name})`), name)
    }
  })

  it('map every section of the manual', () => {
    for (const path of ['docs/manual-map.md', 'docs/ja/manual-map.md']) {
      const sections = Array.from(read(path).matchAll(/^\| (\d+\.\d+|Q\d)/gm), ([, section = '']) => section)
      for (const section of [
        '1.2',
        '2.1',
        '3.2',
        '4.2',
        '4.4',
        '5.4',
        '6.2',
        '7.1',
        '7.2',
        '7.3',
        '8.1',
        '8.2',
        '12.1',
        'Q1',
        'Q7',
      ])
        assert.ok(sections.includes(section), `${path}: ${section}`)
    }
  })
})

function withoutReason(line: string): string {
  return line.replace(/--reason "[^"]*"/, '--reason')
}

describe('the check of commands', () => {
  it('finds what is wrong in a line', () => {
    assert.equal(fault(TREE, 'modosu get requests -w -o json'), undefined)
    assert.equal(fault(TREE, 'modosu audit verify'), undefined)
    assert.equal(fault(TREE, 'modosu restart'), 'modosu has no command restart')
    assert.equal(fault(TREE, 'modosu restore X --dryrun'), 'modosu restore has no option --dryrun')
    assert.equal(fault(TREE, 'modosu get databases'), 'modosu get does not know databases')
    assert.equal(fault(TREE, 'modosu verify one two'), 'modosu verify takes no two')
    assert.equal(fault(TREE, 'modosu completion tcsh'), 'modosu completion does not know tcsh')
    assert.deepEqual(commandLines('sudo modosu wait "$(modosu retry x -o name)" && modosu ack x > /dev/null'), [
      'modosu wait "',
      'modosu retry x -o name',
      'modosu ack x',
    ])
  })
})
