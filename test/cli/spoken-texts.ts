/**
 * Finds in the source every text that a person may be shown: a string or template literal of at least two words, outside of
 * the places below. A text is named by its template: `cannot read {0}: {1}`.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Files whose texts are in both languages already, or are for nobody at a command line. */
const SPOKEN_OTHERWISE: readonly RegExp[] = [
  /^src\/domain\/(messages|reasons\/.*|papers\/.*)\.ts$/,
  /^src\/cli\/(texts|translation\/.*)\.ts$/,
  // Scripts for a shell, which is one for all users of a machine.
  /^src\/cli\/completion\/.*\.ts$/,
  // A CustomResourceDefinition, what a service manager shows, metrics and notifications are read by programs.
  /^src\/manifest\/custom-resource\.ts$/,
  /^src\/daemon\/(status-line|systemd-mounts)\.ts$/,
  /^src\/telemetry\//,
  // The HTTPS API over TCP answers programs and the web page, in the words of the manual; commands use the socket.
  /^src\/api\/(manual\/.*|auth\/(?!users-file|application-token).*|resources\/.*|caller|http-status|body|openapi|page)\.ts$/,
  // The page has its own texts, in both languages.
  /^src\/web\//,
  // Tells what comes before a language is known.
  /^src\/main\.ts$/,
]

/** Logs are English, as the manual prints them; a literal that is compared or searched for is not said. */
const NOT_SAID_BY =
  /(^|[.#])(log\.(trace|debug|info|warn|error|fatal)|includes|startsWith|endsWith|indexOf|split|replace|replaceAll|test|prepare|exec|pragma|closers\.add|reference)$/
/** Labels and headers are words of the interface. */
const LABELLED_BY = /\.(field|optional|section|table|list)$/
/** Properties that hold a command, a metric's help, or one of two languages. */
const NOT_SAID_AS: readonly string[] = ['command', 'en', 'ja', 'help', 'title', 'reference', 'examples']

/** Literals that look like sentences and are none, or are the same in both languages. */
const NO_SENTENCES: readonly string[] = [
  // What kubectl says of an act, and what `diff` compares.
  '{0} cancellation requested',
  'cancellation requested',
  'not stored',
  'generation {0}',
  // A file format, a text of SQLite, of the system, and lines that are written into files.
  'SQLite format 3\u0000',
  'unsupported file format',
  'Unknown system error -122',
  'EDQUOT: disk quota exceeded',
  '# Modosu replaces a database of this unit; it may start again afterwards.',
  '# By hand: rm {0}',
  '# Written by modosu user. The passwords are scrypt hashes.\n{0}',
  'resourceVersion {0}',
  '# Written by modosu about a file of the spool; removed when that file is mended or gone.',
  'strategy: InPlace',
  // What `modosu doctor` asks systemd and a shell, names of its own facts, and facts in the words of SQLite.
  '5 minutes ago',
  'if {0}; then echo yes; else echo no; fi',
  'unit {0}',
  'content {0}',
  'content of {0}',
  ' --config {0}',
  'sudo {0}',
  'user_version {0} < {1} ({2})',
  'ls -la /etc/modosu; modosu doctor --config FILE',
  'jsonpath: {0}: {1}',
  // Whose parts are sentences of their own.
  '  # {0}\n  modosu {1}',
]

const SQL =
  /^\s*(--|FROM|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH|BEGIN|ATTACH)\s|\bsql (NOT )?LIKE\b|^[a-z]+ IN \(|\btypeof\(|^without rowid$/
const COMMAND =
  /^(\{0\} )?(\$ )?(sudo |cd )?(modosu (?!has )|systemctl|journalctl|mkdir|df|diff|kill|prune|chattr|ls|mv|rm|cp|npm) ?[^:;#]*( {3}# \{\d+\})?$|^(chmod|chown) \{/
const TWO_WORDS = /\p{Ll}{2,}[,;:’']? ["'(`]?(\p{L}{2,}|a \p{L})|\p{L}{3,}: \p{L}{2,}/u
const WORD_AND_VALUE = /\p{Ll}{4,}[:,]? ["'(]?\{|\}[,:]? \p{Ll}{4,}/u
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/
/** Japanese that no English output shows: an answer that is understood, the units of a Japanese duration. */
const NEVER_IN_ENGLISH: readonly string[] = [
  ...['はい', '秒', '分', '時間', '日', '年'],
  // Of two examples, `explain` shows that of its language.
  '誤操作によるインシデント削除',
]

export interface SpokenText {
  readonly template: string
  /** As `src/cli/run.ts:53`. */
  readonly place: string
}

/** The files below `directory`, by name. */
export function sourceFiles(directory = 'src'): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(directory, name))
    .sort()
}

/** Every text that must have a translation; one that is said in several places once. */
export function spokenTexts(): readonly SpokenText[] {
  const found = new Map<string, SpokenText>()
  for (const file of sourceFiles().filter((each) => !SPOKEN_OTHERWISE.some((pattern) => pattern.test(each)))) {
    for (const { node, template, place } of literalsOf(file)) {
      if (found.has(template) || !isProse(template) || !isSaid(node)) continue
      found.set(template, { template, place })
    }
  }
  return [...found.values()]
}

/** Every template of every literal, said or not: what a translation may be for. */
export function allTemplates(): ReadonlySet<string> {
  const files = sourceFiles().filter((file) => !file.startsWith(join('src', 'cli', 'translation')))
  return new Set(files.flatMap((file) => literalsOf(file).map(({ template }) => template)))
}

/** Japanese that stands where an English output could show it. */
export function strayJapanese(): readonly SpokenText[] {
  return sourceFiles()
    .filter((file) => !SPOKEN_OTHERWISE.some((pattern) => pattern.test(file)))
    .flatMap((file) => literalsOf(file).filter(({ node, template }) => isStray(template) && !isOfJapanese(node)))
    .map(({ template, place }) => ({ template, place }))
}

interface Literal extends SpokenText {
  readonly node: ts.Node
}

/** The outermost literals of a file; one inside a placeholder of another is a text of its own. */
function literalsOf(file: string): readonly Literal[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Literal[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isLiteralTypeNode(node)) return
    const parts = partsOf(node)
    if (parts === undefined) {
      ts.forEachChild(node, visit)
      return
    }
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    found.push({ node, template: templateOf(parts), place: `${file}:${line}` })
    for (const part of parts) if (typeof part !== 'string') visit(part)
  }
  visit(source)
  return found
}

type Part = string | ts.Expression

/** Texts and placeholders in turn; undefined for what is no text. */
function partsOf(node: ts.Node): readonly Part[] | undefined {
  if (ts.isParenthesizedExpression(node)) return partsOf(node.expression)
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.flatMap(({ expression, literal }) => [expression, literal.text])]
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined
  const [left, right] = [partsOf(node.left), partsOf(node.right)]
  if (left === undefined && right === undefined) return undefined
  return [...(left ?? [node.left]), ...(right ?? [node.right])]
}

function templateOf(parts: readonly Part[]): string {
  let placeholders = 0
  const template = parts.map((part) => (typeof part === 'string' ? part : `{${placeholders++}}`)).join('')
  return template.replace(/^\n+|\n+$/g, '')
}

function isProse(template: string): boolean {
  if (NO_SENTENCES.includes(template) || SQL.test(template) || COMMAND.test(template)) return false
  return TWO_WORDS.test(template) || WORD_AND_VALUE.test(template)
}

function isSaid(node: ts.Node): boolean {
  let inner = node
  for (let outer = node.parent; !ts.isSourceFile(outer); inner = outer, outer = outer.parent) {
    if (ts.isPropertyAssignment(outer)) {
      if (NOT_SAID_AS.includes(outer.name.getText())) return false
      if (outer.name === inner) return false
    }
    if (ts.isVariableDeclaration(outer) && /(COLUMNS|SQL|WHERE)$/i.test(outer.name.getText())) return false
    if (ts.isTaggedTemplateExpression(outer) || ts.isElementAccessExpression(outer)) return false
    if (ts.isArrayLiteralExpression(outer) && isLabel(inner, outer)) return false
    if (!ts.isCallExpression(outer)) continue
    const callee = outer.expression.getText()
    if (NOT_SAID_BY.test(callee)) return false
    if (LABELLED_BY.test(callee)) return outer.arguments[0] !== inner
    // What a function inside an argument says is not what the call says.
    if (ts.isFunctionLike(inner)) continue
  }
  return true
}

/** The first of a pair `['Label', value]` inside the call of a sheet. */
function isLabel(element: ts.Node, list: ts.ArrayLiteralExpression): boolean {
  const call = list.parent.parent
  return list.elements[0] === element && ts.isCallExpression(call) && LABELLED_BY.test(call.expression.getText())
}

function isStray(template: string): boolean {
  return JAPANESE.test(template) && !NEVER_IN_ENGLISH.includes(template)
}

/** Whether it stands under a key `ja`, beside which its English is. */
function isOfJapanese(node: ts.Node): boolean {
  for (let outer = node.parent; !ts.isSourceFile(outer); outer = outer.parent) {
    if (ts.isPropertyAssignment(outer) && outer.name.getText() === 'ja') return true
  }
  return false
}
