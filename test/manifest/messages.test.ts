import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { explainPath, suggestPath } from '../../src/manifest/explain.ts'
import { isValid, ManifestReader, type ValidManifest } from '../../src/manifest/parse.ts'
import { formatProblem } from '../../src/manifest/problem.ts'

const reader = new ManifestReader()

const GOOD = `apiVersion: modosu.dev/v1
kind: RestoreRequest
metadata:
  name: inc-4711
spec:
  target: app
  source:
    backupId: BKP-20260215-020015-daily
  confirm: true
`

function problemsOf(text: string): string[] {
  const { documents, problems } = reader.read(text)
  const all = [...problems, ...documents.flatMap((document) => (isValid(document) ? [] : document.problems))]
  return all.map((problem) => formatProblem('a.yaml', problem).slice('a.yaml:'.length))
}

function valid(text: string): ValidManifest {
  const [document] = reader.read(text).documents
  assert.ok(document !== undefined && isValid(document), JSON.stringify(document))
  return document
}

describe('a value that is not the text that it should be', () => {
  it('is shown, and quoted in the hint, as the file writes it', () => {
    for (const source of ['1.10', '0042', '1e3', '0x1F', '+5', '.5', 'True', 'FALSE', '~', 'Null', '-0']) {
      const problems = problemsOf(GOOD.replace('name: inc-4711', `name: ${source}`))
      assert.equal(problems.length, 1, source)
      assert.ok(problems[0]!.includes(source), `${source}: ${problems[0]!}`)
      if (source !== '~' && source !== 'Null') assert.ok(problems[0]!.includes(`"${source}"`), problems[0])
    }
    for (const source of ['1.50', '1e9999', '-007']) {
      const [problem = ''] = problemsOf(
        GOOD.replace('confirm: true', `confirm: true\n  activeDeadlineSeconds: ${source}`),
      )
      assert.ok(problem.includes(source), `${source}: ${problem}`)
    }
  })

  it('is a yes or a no only where the file says true or false', () => {
    for (const source of ['yes', 'No', 'on', 'OFF']) {
      const [problem = ''] = problemsOf(GOOD.replace('confirm: true', `confirm: ${source}`))
      assert.ok(problem.includes(source), problem)
    }
  })
})

describe('a valid request', () => {
  it('comes with every default of its spec', () => {
    assert.deepEqual(valid(GOOD).manifest, {
      metadata: { name: 'inc-4711', labels: {}, annotations: {} },
      spec: {
        target: 'app',
        source: { backupId: 'BKP-20260215-020015-daily' },
        confirm: true,
        backupCurrent: true,
        mode: 'Restore',
        strategy: 'Replace',
        tables: [],
        servicePolicy: 'StopStart',
        suspend: false,
        activeDeadlineSeconds: 900,
        ttlSecondsAfterFinished: 2592000,
        approval: { required: 0 },
      },
    })
  })

  it('may say confirm: false, which is refused later by its own words', () => {
    assert.equal(valid(GOOD.replace('confirm: true', 'confirm: false')).manifest.spec.confirm, false)
  })

  it('may carry what a cluster adds to an object', () => {
    const metadata = 'name: inc-4711\n  namespace: ops\n  uid: x\n  resourceVersion: "1"\n  generation: 2'
    const added = '\n  creationTimestamp: "2026-02-15T02:00:00Z"\n  managedFields: [{ manager: kubectl }]'
    const text = GOOD.replace('name: inc-4711', metadata + added) + 'status: { phase: Pending }\n'
    assert.deepEqual(valid(text).manifest, valid(GOOD).manifest)
  })

  it('has the same fingerprint however it is written, and another one for another spec', () => {
    const { specHash } = valid(GOOD)
    const reordered = GOOD.replace('  confirm: true\n', '').replace('spec:\n', 'spec:\n  confirm: true\n')
    assert.equal(valid(reordered).specHash, specHash)
    assert.equal(valid(GOOD + '  mode: Restore\n').specHash, specHash)
    assert.equal(valid(GOOD.replace('name: inc-4711', 'name: inc-4711\n  labels: { a: b }')).specHash, specHash)
    assert.equal(valid(JSON.stringify(JSON_GOOD)).specHash, specHash)
    assert.notEqual(valid(GOOD + '  mode: Drill\n').specHash, specHash)
  })
})

const JSON_GOOD = {
  kind: 'RestoreRequest',
  apiVersion: 'modosu.dev/v1',
  spec: { confirm: true, source: { backupId: 'BKP-20260215-020015-daily' }, target: 'app' },
  metadata: { name: 'inc-4711' },
}

const WRONG: readonly (readonly [what: string, text: string, said: string])[] = [
  [
    'a misspelt field',
    GOOD + '  backupCurent: true\n',
    '10:3: spec.backupCurent: unknown field "backupCurent" (did you mean "backupCurrent"?)',
  ],
  [
    'a field in the wrong place',
    GOOD + 'backupId: x\n',
    '10:1: backupId: unknown field "backupId" (did you mean spec.source.backupId?)',
  ],
  [
    'no confirmation',
    GOOD.replace('  confirm: true\n', ''),
    '5:1: spec.confirm: the field "confirm" is missing (for example: true)',
  ],
  [
    'a boolean of YAML 1.1',
    GOOD.replace('confirm: true', 'confirm: yes'),
    '9:12: spec.confirm: must be true or false, not the text "yes" (write true or false; YAML 1.2 has no yes and no)',
  ],
  [
    'a word in the wrong case',
    GOOD + '  mode: dryrun\n',
    '10:9: spec.mode: must be Restore or DryRun or Drill or Extract, not the text "dryrun" (did you mean DryRun?)',
  ],
  [
    'two sources',
    GOOD.replace('    backupId', '    latest: {}\n    backupId'),
    '7:3: spec.source: must have exactly one of its keys; given are latest, backupId ' +
      '(its keys: backupId, latest, file, sqlDump, safetyBackup)',
  ],
  [
    'another version',
    GOOD.replace('modosu.dev/v1', 'modosu.dev/v2'),
    '1:13: apiVersion: "modosu.dev/v2" is not read here, modosu.dev/v1 is expected (did you mean modosu.dev/v1?)',
  ],
  [
    'a configuration',
    GOOD.replace('RestoreRequest', 'Configuration'),
    '2:7: kind: "Configuration" is not read here, RestoreRequest is expected (a configuration is checked with: modosu validate --config FILE)',
  ],
  [
    'a file outside',
    GOOD.replace('backupId: BKP-20260215-020015-daily', 'file: { path: ../x.db }'),
    "8:19: spec.source.file.path: the path contains .. (give the path inside the target's backup directory)",
  ],
  [
    'a window that closes before it opens',
    GOOD + '  notBefore: 2026-02-15T04:00:00+09:00\n  notAfter: 2026-02-15T02:00:00+09:00\n',
    '11:13: spec.notAfter: the window closes before it opens (notAfter must be after notBefore)',
  ],
]

describe('a wrong request is told where, what and how to mend it:', () => {
  for (const [what, text, said] of WRONG) {
    it(what, () => {
      assert.deepEqual(problemsOf(text), [said])
    })
  }

  it('a day that does not exist', () => {
    assert.match(
      problemsOf(GOOD + '  notBefore: 2026-02-30T02:00:00Z\n').join('\n'),
      /^10:14: spec\.notBefore: .*RFC 3339/,
    )
  })

  it('a name that is no DNS label, or too long for one', () => {
    for (const name of ['Inc_4711', '-a', 'a.b', 'a'.repeat(64)]) {
      assert.match(problemsOf(GOOD.replace('inc-4711', name)).join('\n'), /^4:9: metadata\.name: /)
    }
    assert.equal(valid(GOOD.replace('inc-4711', 'a'.repeat(63))).name, 'a'.repeat(63))
  })

  it('an empty file', () => {
    for (const text of ['', '# nothing\n', '---\n---\n'])
      assert.match(problemsOf(text).join('\n'), /the file holds no document/)
  })

  it('another kind, whose name then names no request', () => {
    const [document] = reader.read(GOOD.replace('RestoreRequest', 'Configuration')).documents
    assert.ok(document !== undefined && !isValid(document))
    assert.equal(document.name, null)
  })
})

describe('the explanation of a field', () => {
  it('comes from the schema', () => {
    const field = explainPath('spec.source.backupId')
    assert.equal(field?.type, 'string')
    assert.match(field.description, /^A backup by its id/)
    const source = explainPath('spec.source')
    assert.deepEqual(
      source?.children.map(({ name }) => name),
      ['backupId', 'latest', 'file', 'sqlDump', 'safetyBackup'],
    )
    assert.equal(source.required, true)
    assert.equal(explainPath('spec.mode')?.default, 'Restore')
    assert.equal(explainPath('configuration.targets.database')?.type, 'string')
  })

  it('suggests what was meant', () => {
    assert.equal(explainPath('spec.sorce.backupId'), undefined)
    assert.equal(suggestPath('spec.sorce.backupId'), 'spec.source.backupId')
  })
})
