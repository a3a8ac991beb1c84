/**
 * A corpus of YAML in the spirit of the YAML test suite, bent to what a request may say: each case is a whole file and
 * what must come of it. Made from tables, so that every way of writing a value meets every place where one may stand.
 */

export interface YamlCase {
  readonly what: string
  readonly text: string
  /** What the reader must take it for, or that it must refuse it, at that line where the line matters. */
  readonly must: { readonly accept: string } | { readonly refuse: RegExp; readonly line?: number }
}

type Must = YamlCase['must']

const is = (value: string): Must => ({ accept: value })
const refused = (message: RegExp, line?: number): Must =>
  line === undefined ? { refuse: message } : { refuse: message, line }
const NOT_TEXT = refused(/must be text|string/)
const BROKEN = refused(/./)

/** One line of a value that may stand in a block and in a flow mapping alike. */
const INLINE: readonly (readonly [text: string, must: Must])[] = [
  ['plain', is('plain')],
  ['two words', is('two words')],
  ['a-b_c.d', is('a-b_c.d')],
  ['it is 5:30', is('it is 5:30')],
  ['http://example.com/x?y=1', is('http://example.com/x?y=1')],
  ['a#b', is('a#b')],
  ['plain # and a comment', is('plain')],
  ['-x', is('-x')],
  ['?x', is('?x')],
  [':x', is(':x')],
  ['復旧のため', is('復旧のため')],
  ['\u{1f600} smile', is('\u{1f600} smile')],
  ['e\u0301 combining', is('e\u0301 combining')],
  ["'single'", is('single')],
  ["'it''s'", is("it's")],
  ["'a \\n stays'", is('a \\n stays')],
  ["'# no comment'", is('# no comment')],
  ["'a: b'", is('a: b')],
  ["'[x]'", is('[x]')],
  ["''", is('')],
  ["'  blanks  '", is('  blanks  ')],
  ['"double"', is('double')],
  ['""', is('')],
  ['"a\\nb"', is('a\nb')],
  ['"tab\\there"', is('tab\there')],
  ['"quote \\" inside"', is('quote " inside')],
  ['"back\\\\slash"', is('back\\slash')],
  ['"\\u5fa9"', is('復')],
  ['"\\U0001F600"', is('\u{1f600}')],
  ['"\\x41"', is('A')],
  ['"\\/"', is('/')],
  ['"a: b, [c] {d} # e"', is('a: b, [c] {d} # e')],
  ['"true"', is('true')],
  ["'1'", is('1')],
  ["'null'", is('null')],
  ['yes', is('yes')],
  ['off', is('off')],
  ['NO', is('NO')],
  ['y', is('y')],
  ['2026-02-15', is('2026-02-15')],
  ['2026-02-15T02:00:00Z', is('2026-02-15T02:00:00Z')],
  ['190:20:30', is('190:20:30')],
  ['0b101', is('0b101')],
  ['1_000', is('1_000')],
  ['0x', is('0x')],
  ['1e', is('1e')],
  ['!!str 12', is('12')],
  ['!!str true', is('true')],
  ['!!str ""', is('')],
  ['!<tag:yaml.org,2002:str> x', is('x')],
  ['! 12', is('12')],
  ['&anchor x', is('x')],
  ['&a !!str 5', is('5')],
  ['!!str &a 5', is('5')],
  ['true', NOT_TEXT],
  ['False', NOT_TEXT],
  ['null', NOT_TEXT],
  ['~', NOT_TEXT],
  ['12', NOT_TEXT],
  ['-1.5', NOT_TEXT],
  ['0x1F', NOT_TEXT],
  ['0o17', NOT_TEXT],
  ['1e3', NOT_TEXT],
  ['.inf', NOT_TEXT],
  ['.nan', NOT_TEXT],
  ['[]', NOT_TEXT],
  ['[a, b]', NOT_TEXT],
  ['{}', NOT_TEXT],
  ['{a: b}', NOT_TEXT],
  ['*nowhere', BROKEN],
  ['"unclosed', BROKEN],
  ["'unclosed", BROKEN],
  ['"bad \\q escape"', BROKEN],
  ['"\\u12"', BROKEN],
  ['[unclosed', BROKEN],
  ['{unclosed', BROKEN],
  ['@reserved', BROKEN],
  ['`reserved', BROKEN],
  ['%percent', BROKEN],
  ['!!binary aGVsbG8=', BROKEN],
  ['!!timestamp 2026-02-15', BROKEN],
  ['!!set {a, b}', BROKEN],
  ['!!omap [a: 1]', BROKEN],
  ['!!js/function "x"', BROKEN],
  ['!!python/object/apply:os.system ["id"]', BROKEN],
  ['!local x', BROKEN],
  ['!<tag:evil.example,2026:x> y', BROKEN],
  ['!nope!x y', BROKEN],
  ['"\\0"', refused(/the text "\\u00../)],
  ['"\\e[2J"', refused(/the text "\\u00../)],
  ['"\\x7f"', refused(/the text "\\u00../)],
  ['"\\u009b"', refused(/the text "\\u00../)],
]

const BEFORE = 'apiVersion: modosu.dev/v1\nkind: RestoreRequest\nmetadata: {name: inc-1}\n'
const SPEC = 'spec:\n  target: app\n  source: {latest: {}}\n  confirm: true\n'

/** Where a value may stand; the value's line in the file. */
const PLACES: readonly {
  readonly what: string
  /** null: a value without a text of its own is told at its key. */
  readonly line: number | null
  readonly flow: boolean
  readonly text: (value: string) => string
}[] = [
  { what: 'in a block', line: 8, flow: false, text: (value) => `${BEFORE}${SPEC}  reason: ${value}\n` },
  {
    what: 'in a block without an end of line',
    line: 8,
    flow: false,
    text: (value) => `${BEFORE}${SPEC}  reason: ${value}`,
  },
  {
    what: 'in a flow mapping',
    line: 4,
    flow: true,
    text: (value) => `${BEFORE}spec: {target: app, source: {latest: {}}, confirm: true, reason: ${value}\n  }\n`,
  },
  {
    what: 'after an explicit key, in a marked document with Windows line ends',
    line: null,
    flow: false,
    text: (value) => `---\n${BEFORE}${SPEC}  ? reason\n  : ${value}\n...\n`.replaceAll('\n', '\r\n'),
  },
]

/** A plain scalar that a flow mapping ends, or whose meaning it changes. */
const OTHER_IN_FLOW = new Set(['?x', ':x', '[unclosed', '{unclosed', '"unclosed', "'unclosed"])

function inlineCases(): YamlCase[] {
  return PLACES.flatMap(({ what, line, flow, text }) =>
    INLINE.filter(([value]) => !flow || !OTHER_IN_FLOW.has(value)).map(([value, must]) => ({
      what: `${JSON.stringify(value)} ${what}`,
      text: text(value),
      must: 'refuse' in must && must !== BROKEN && line !== null ? { ...must, line } : must,
    })),
  )
}

/** Values of several lines, as they follow `  reason: ` in a block. */
const BLOCKS: readonly (readonly [text: string, must: Must])[] = [
  ['|\n    one\n    two', is('one\ntwo\n')],
  ['|-\n    one\n    two\n', is('one\ntwo')],
  ['|+\n    one\n\n', is('one\n\n')],
  ['>\n    one\n    two\n', is('one two\n')],
  ['>-\n    one\n\n    two\n', is('one\ntwo')],
  ['|2\n      two more\n', is('  two more\n')],
  ['|-\n    # no comment\n', is('# no comment')],
  ['|-\n    a: b\n    - c\n    *d\n    &e !f\n', is('a: b\n- c\n*d\n&e !f')],
  ['|-\n    ---x\n    ...x\n', is('---x\n...x')],
  ['| # a comment\n    x\n', is('x\n')],
  ['one\n    two', is('one two')],
  ['one\n\n    two', is('one\ntwo')],
  ['"one\n    two"', is('one two')],
  ['"one\\\n    two"', is('onetwo')],
  ["'one\n    two'", is('one two')],
  ['&a |-\n    x\n', is('x')],
  ['!!str |-\n    12\n', is('12')],
  ['|-\n    tab\tinside\n', is('tab\tinside')],
  ['|-\n', is('')],
  ['>-\n', is('')],
  ['|x\n    one\n', BROKEN],
  ['|0\n    one\n', BROKEN],
  ['|- text\n    one\n', BROKEN],
  ['|\n    one\n   two\n', BROKEN],
  ['|\n\t one\n', BROKEN],
  ['"one\n---\ntwo"', BROKEN],
  ['one\n\ttwo: three', BROKEN],
  ['a: b', BROKEN],
  ['- a', BROKEN],
  ['one\n  two', BROKEN],
]

/** Values of `confirm`, which decides whether data is overwritten: true and false, and nothing that looks like them. */
const TRUTHS: readonly (readonly [text: string, must: Must])[] = [
  ...['true', 'True', 'TRUE', '!!bool true', '&t true'].map((text) => [text, is('true')] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, is('false')] as const),
  ...[
    'yes',
    'on',
    'y',
    'Y',
    'Yes',
    'tRUE',
    '1',
    '"true"',
    "'true'",
    '!!str true',
    'no',
    'off',
    '~',
    'null',
    '',
    '[true]',
    '{}',
    't',
    'true!',
    'true false',
  ].map((text) => [text, refused(/true or false|boolean/, 7)] as const),
  ...['!!bool yes', '!!bool 1', '!!int true', '*t'].map((text) => [text, BROKEN] as const),
]

/** Values of `activeDeadlineSeconds`, a whole number from 1 to 86400. */
const NUMBERS: readonly (readonly [text: string, must: Must])[] = [
  ...(
    [
      ['60', '60'],
      ['+60', '60'],
      ['0x3C', '60'],
      ['0o74', '60'],
      ['6e1', '60'],
      ['60.0', '60'],
      ['060', '60'],
      ['!!int 60', '60'],
    ] as const
  ).map(([text, value]) => [text, is(value)] as const),
  ...[
    '0',
    '-1',
    '86401',
    '1.5',
    '.inf',
    '-.inf',
    '.nan',
    '1e999',
    '"60"',
    '1_0',
    '60s',
    '0b11',
    '1:00',
    '99999999999999999999',
    'true',
    '',
    '[60]',
    '١٢',
  ].map((text) => [text, refused(/./, 8)] as const),
]

function keyCases(): YamlCase[] {
  const spec = (line: string) => `${BEFORE}${SPEC}  ${line}\n`
  const table: readonly (readonly [line: string, must: Must])[] = [
    ['"reason": x', is('x')],
    ["'reason': x", is('x')],
    ['"rea\\x73on": x', is('x')],
    ['? reason\n  : x', is('x')],
    ['? "reason"\n  : x', is('x')],
    ['&k reason: x', is('x')],
    ['!!str reason: x', is('x')],
    ['reason : x', is('x')],
    ['reason:\tx', is('x')],
    ['reason:    x   ', is('x')],
    ['reason: x\n\n\n', is('x')],
    ['# a comment\n  reason: x # another\n# at the edge', is('x')],
    ['reason: # a comment\n    x', is('x')],
    ['reason:\n    x', is('x')],
    ['reason:\n\n\n    x', is('x')],
    ['reason: x\n  reason: y', refused(/twice/, 9)],
    ['reason: x\n  "reason": y', refused(/twice/, 9)],
    ['target: other', refused(/twice/, 8)],
    ['"tar\\u0067et": other', refused(/twice/, 8)],
    ['reasn: x', refused(/reason/, 8)],
    ['Reason: x', refused(/reason/, 8)],
    ['reason\u200b: x', refused(/./, 8)],
    ['r\u0435ason: x', refused(/./, 8)],
    ['reason\u00a0: x', refused(/./, 8)],
    ['__proto__: {confirm: true}', refused(/__proto__/, 8)],
    ['constructor: x', refused(/constructor/, 8)],
    ['toString: x', refused(/toString/, 8)],
    ['hasOwnProperty: x', refused(/hasOwnProperty/, 8)],
    ['<<: {reason: x}', refused(/<</, 8)],
    ['<<: [{reason: x}]', refused(/<</, 8)],
    ['? [reason]\n  : x', BROKEN],
    ['? {reason: 1}\n  : x', BROKEN],
    ['[reason]: x', BROKEN],
    ['{reason: 1}: x', BROKEN],
    ['? |\n    reason\n  : x', refused(/./)],
    ['12: x', refused(/./, 8)],
    ['true: x', refused(/./, 8)],
    ['null: x', refused(/./, 8)],
    ['~: x', refused(/./, 8)],
    [': x', refused(/./, 8)],
    ['"": x', refused(/./, 8)],
    ['*a : x', BROKEN],
    ['reason x', BROKEN],
    ['reason:x', BROKEN],
    [' reason: x', BROKEN],
    ['reason: x\n   requestedBy: y', BROKEN],
    ['reason: x\n requestedBy: y', BROKEN],
    ['\treason: x', BROKEN],
    ['reason: x\n\trequestedBy: y', BROKEN],
    ['- reason: x', BROKEN],
    ['reason: x, requestedBy: y', BROKEN],
    ['reason: "x" y', BROKEN],
    ["reason: 'x'y", BROKEN],
    ['reason: [x] y', BROKEN],
    ['reason: {x: 1} y', BROKEN],
    ['reason: &a &b x', BROKEN],
    ['reason: !!str !!str x', BROKEN],
    ['reason: & x', BROKEN],
    ['reason: *', BROKEN],
    ['reason: ]', BROKEN],
    ['reason: }', BROKEN],
    ['reason: ,', BROKEN],
    ['reason: x #y\n  }', BROKEN],
  ]
  return table.map(([line, must]) => ({ what: `the line ${JSON.stringify(line)}`, text: spec(line), must }))
}

function streamCases(): YamlCase[] {
  const one = `${BEFORE}${SPEC}  reason: x\n`
  const json = JSON.stringify({
    apiVersion: 'modosu.dev/v1',
    kind: 'RestoreRequest',
    metadata: { name: 'inc-1' },
    spec: { target: 'app', source: { latest: {} }, confirm: true, reason: 'x' },
  })
  const table: readonly (readonly [what: string, text: string, must: Must])[] = [
    ['a document', one, is('x')],
    ['a marked document', `---\n${one}`, is('x')],
    ['a document with both marks', `---\n${one}...\n`, is('x')],
    ['a trailing mark', `${one}---\n`, is('x')],
    ['several trailing marks', `${one}---\n---\n...\n---\n`, is('x')],
    ['several leading marks', `---\n---\n---\n${one}`, is('x')],
    ['a directive', `%YAML 1.2\n---\n${one}`, is('x')],
    ['a directive of a tag that is not used', `%TAG !e! tag:example.com,2026:\n---\n${one}`, is('x')],
    ['comments around', `# one\n\n# two\n---\n# three\n${one}# four\n`, is('x')],
    ['blank lines around', `\n\n\n${one}\n\n\n`, is('x')],
    ['JSON', json, is('x')],
    ['JSON in lines', JSON.stringify(JSON.parse(json), null, 2), is('x')],
    ['JSON with tabs', JSON.stringify(JSON.parse(json), null, '\t'), is('x')],
    ['JSON after a mark', `--- ${json}\n`, is('x')],
    ['JSON with a comment', `${json} # comment\n`, is('x')],
    ['a trailing comma in flow', json.replace('"x"}', '"x",}'), is('x')],
    ['old Macintosh line ends', one.replaceAll('\n', '\r'), BROKEN],
    ['Windows line ends', one.replaceAll('\n', '\r\n'), is('x')],
    ['mixed line ends', one.replace('\n', '\r\n'), is('x')],
    ['an indented document', one.replaceAll(/^/gm, '   '), is('x')],
    ['nothing', '', refused(/no document/)],
    ['blanks', '   \n \n', refused(/no document/)],
    ['a comment alone', '# nothing\n', refused(/no document/)],
    ['a mark alone', '---\n', refused(/no document/)],
    ['null', 'null\n', refused(/no document/)],
    ['a text', 'hello\n', refused(/not a mapping/, 1)],
    ['a number', '42\n', refused(/not a mapping/, 1)],
    ['a list', '- a\n- b\n', refused(/not a mapping/, 1)],
    ['a list of requests', `- ${json}\n`, refused(/not a mapping/, 1)],
    ['an empty mapping', '{}\n', refused(/apiVersion|kind/)],
    ['another kind', one.replace('RestoreRequest', 'Secret'), refused(/RestoreRequest/, 2)],
    ['another version', one.replace('modosu.dev/v1', 'modosu.dev/v9'), refused(/modosu\.dev\/v1/, 1)],
    ['a key twice at the top', `${one}kind: RestoreRequest\n`, refused(/twice/, 9)],
    ['a bad second document', `${one}---\n[\n`, BROKEN],
    ['a directive without its document', `%YAML 1.2\n${one}`, BROKEN],
    ['a directive in the middle', `${one}%YAML 1.2\n---\n`, BROKEN],
    ['an old directive', `%YAML 1.1\n---\n${one}`, refused(/YAML 1\.1/)],
    ['a directive of the future', `%YAML 3.0\n---\n${one}`, BROKEN],
    ['two directives', `%YAML 1.2\n%YAML 1.2\n---\n${one}`, is('x')],
    ['an unknown directive', `%FOO bar\n---\n${one}`, BROKEN],
    ['text after the end', `${one}...\nhello`, BROKEN],
    ['two values of JSON', `${json}\n${json}`, BROKEN],
    ['JSON that was cut off', json.slice(0, -1), BROKEN],
    ['JSON with a missing comma', json.replace(',', ' '), BROKEN],
    ['JSON with a colon too many', json.replace('"x"', '"x":"y"'), BROKEN],
    ['an alias of the whole', `&a ${json.slice(0, -1)},"more":*a}`, BROKEN],
    [
      'an alias that repeats a part',
      one.replace('{latest: {}}', '&s {latest: {}}').replace('x\n', 'x\n  tables: *s\n'),
      BROKEN,
    ],
    ['an alias of a text', one.replace('target: app', 'target: &t app').replace('reason: x', 'reason: *t'), is('app')],
    [
      'an anchor given twice',
      one.replace('target: app', 'target: &t app').replace('reason: x', 'requestedBy: &t me\n  reason: *t'),
      is('me'),
    ],
    ['a bell', `${one.trimEnd()}\u0007\n`, BROKEN],
    ['a next-line character', `${one.trimEnd()}\u0085  more: y\n`, BROKEN],
    ['a line separator', one.replace('reason: x', 'reason: x\u2028y'), is('x\u2028y')],
    ['a zero-width space', one.replace('reason: x', 'reason: x\u200by'), is('x\u200by')],
    ['a right-to-left override', one.replace('reason: x', 'reason: x\u202ey'), is('x\u202ey')],
    ['a byte order mark in the middle', one.replace('reason: x', 'reason: x\ufeffy'), is('x\ufeffy')],
    ['a lone half of a pair', one.replace('reason: x', 'reason: "\\ud800"'), is('\ud800')],
    ['a private character', one.replace('reason: x', 'reason: \ue000'), is('\ue000')],
    ['ideographic blanks as indentation', one.replace('  reason', '\u3000reason'), BROKEN],
    ['a no-break blank as indentation', one.replace('  reason', '\u00a0\u00a0reason'), BROKEN],
    ['fullwidth letters', one.replace('confirm: true', 'confirm: ｔｒｕｅ'), refused(/true or false|boolean/, 7)],
    ['a status, which is ignored', `${one}status: {phase: Succeeded}\n`, is('x')],
    ['a very long reason', one.replace('reason: x', `reason: ${'x'.repeat(2000)}`), refused(/1024|long/, 8)],
    ['a name that leads out', one.replace('inc-1', '../../etc/passwd'), refused(/./, 3)],
    ['a name with a line break', one.replace('inc-1', '"inc\\n1"'), refused(/./, 3)],
    ['a name of 64 letters', one.replace('inc-1', 'a'.repeat(64)), refused(/./, 3)],
    ['a path that leads out', one.replace('{latest: {}}', '{file: {path: ../../etc/passwd}}'), refused(/\.\./, 6)],
    ['an absolute path', one.replace('{latest: {}}', '{file: {path: /etc/passwd}}'), refused(/absolute/, 6)],
    ['two sources', one.replace('{latest: {}}', '{latest: {}, backupId: x}'), refused(/./, 6)],
    ['no source', one.replace('{latest: {}}', '{}'), refused(/./, 6)],
  ]
  return table.map(([what, text, must]) => ({ what, text, must }))
}

/** Every case, each with a name of its own. */
export function yamlCorpus(): readonly YamlCase[] {
  const blocks = BLOCKS.map(([value, must]) => ({
    what: `the block ${JSON.stringify(value)}`,
    text: `${BEFORE}${SPEC}  reason: ${value}${value.endsWith('\n') ? '' : '\n'}`,
    must,
  }))
  const truths = TRUTHS.map(([value, must]) => ({
    what: `confirm: ${value}`,
    text: `${BEFORE}${SPEC.replace('confirm: true', `confirm: ${value}`)}`,
    must,
  }))
  const numbers = NUMBERS.map(([value, must]) => ({
    what: `activeDeadlineSeconds: ${value}`,
    text: `${BEFORE}${SPEC}  activeDeadlineSeconds: ${value}\n`,
    must,
  }))
  return [...inlineCases(), ...blocks, ...truths, ...numbers, ...keyCases(), ...streamCases()]
}
