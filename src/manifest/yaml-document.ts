/**
 * YAML within bounds. The `yaml` package is fed token by token and stopped before its cost grows beyond the text's
 * length: its composer recurses once per nesting level (900 bytes of `[` can abort the process) and its check for
 * unique keys compares every key with every other, so nesting, keys and aliases are counted here, first, and
 * duplicate keys are found here with a set.
 */

import { CST, Composer, Lexer, LineCounter, Parser, type Document } from 'yaml'
import { findDuplicateKeys, findUnresolvedAliases, locate, sourceAt } from './positions.ts'
import { fileProblem, formatPath, type Finding, type ManifestProblem } from './problem.ts'
import { describeSyntaxError } from './syntax-errors.ts'

export interface YamlLimits {
  /** Open collections inside one another. */
  readonly depth: number
  /** Keys and list entries in the whole text. */
  readonly entries: number
  /** Aliases in the whole text, and nodes that all of them together may stand for. */
  readonly aliases: number
}

export const DEFAULT_LIMITS: YamlLimits = { depth: 32, entries: 10_000, aliases: 50 }

/** One document of a stream, with a way back from its values to the lines that they stand on. */
export interface YamlDocument {
  readonly value: unknown
  /** Where the document's content begins, from 1. */
  readonly line: number
  /** Gives a finding its line and column. */
  toProblem(finding: Finding): ManifestProblem
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[]
  /** Not empty: the text is no YAML within bounds, and `documents` is empty, for its boundaries cannot be trusted. */
  readonly problems: readonly ManifestProblem[]
}

type Parsed = Document.Parsed
type YamlError = Parsed['errors'][number] | Parsed['warnings'][number]

/** Problems told of one text at most. */
const MOST_PROBLEMS = 20

const ENTRY_TOKENS: ReadonlySet<CST.TokenType> = new Set(['map-value-ind', 'explicit-key-ind', 'seq-item-ind', 'comma'])

/** YAML 1.2 core schema whatever a `%YAML` directive says; no merge keys, no binary, no sets. */
const COMPOSER_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const

function lineCounterOf(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines.addNewLine(index + 1)
  return lines
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

/** Runs the tokens through the parser until a bound is passed. The parser itself keeps its stack on the heap. */
function parseTokens(text: string, limits: YamlLimits, lines: LineCounter): CST.Token[] | ManifestProblem {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let entries = 0
  let aliases = 0
  let errors = 0
  let inScalar = false
  const refuse = (message: string, hint: string): ManifestProblem =>
    fileProblem(message, hint, positionOf(lines, parser.offset))
  for (const lexeme of new Lexer().lex(text)) {
    // What follows the mark of a scalar is its text, whatever it looks like.
    const type: CST.TokenType | null = inScalar ? null : CST.tokenType(lexeme)
    inScalar = type === 'scalar'
    if (type !== null && ENTRY_TOKENS.has(type)) entries += 1
    if (type === 'alias') aliases += 1
    if (entries > limits.entries) return refuse(`more than ${limits.entries} keys and list entries`, 'split the file')
    if (aliases > limits.aliases) return refuse(`more than ${limits.aliases} aliases`, 'write the values out')
    tokens.push(...parser.next(lexeme))
    if (tokens.at(-1)?.type === 'error') errors += 1
    // The composer makes an Error of each; a few are enough to mend the file.
    if (errors > MOST_PROBLEMS) break
    if (parser.stack.length > limits.depth)
      return refuse(`nested more than ${limits.depth} levels deep`, 'a request needs 6')
  }
  tokens.push(...parser.end())
  return tokens
}

function describeErrors(errors: readonly YamlError[], text: string, lines: LineCounter): ManifestProblem[] {
  const problems = errors
    .slice(0, MOST_PROBLEMS)
    .map((error) => describeSyntaxError(error, positionOf(lines, error.pos[0]), text))
  // One slip makes the parser stumble several times on the same line: the first is the one to look at.
  return problems.filter((problem, index) => problems.findIndex((other) => other.line === problem.line) === index)
}

function syntaxProblems(document: Parsed, text: string, lines: LineCounter): ManifestProblem[] {
  const faults = describeErrors([...document.errors, ...document.warnings], text, lines)
  const { yaml } = document.directives
  if (yaml.version !== '1.2') {
    const position = positionOf(lines, Math.max(0, text.search(/^%YAML/m)))
    faults.push(fileProblem(`YAML ${yaml.version} is not read`, 'remove the %YAML directive', position))
  }
  // Where the syntax is broken the nodes may be, too: their faults are not told then.
  if (faults.length > 0) return faults
  const findings = [...findDuplicateKeys(document), ...findUnresolvedAliases(document)]
  return findings.slice(0, MOST_PROBLEMS).map((finding) => place(document, lines, finding))
}

function place(document: Parsed, lines: LineCounter, finding: Finding & { readonly offset?: number }): ManifestProblem {
  const position = positionOf(lines, finding.offset ?? locate(document, finding.path, finding.atKey))
  const source = sourceAt(document, finding.path)
  const { message, hint } = source === undefined ? finding : (finding.inWordsOf?.(source) ?? finding)
  return { ...position, path: formatPath(finding.path), message, hint }
}

function toValue(document: Parsed, limits: YamlLimits): { value: unknown } | { error: unknown } {
  try {
    return { value: document.toJS({ maxAliasCount: limits.aliases * 2 }) as unknown }
  } catch (error) {
    return { error }
  }
}

/**
 * Parses a YAML stream, JSON included. Documents without content (a trailing `---`) are left out.
 *
 * @param text decoded by `decodeManifest`.
 * @returns documents, or the problems for which the text is refused as a whole. Never throws.
 */
export function parseYaml(text: string, limits: YamlLimits = DEFAULT_LIMITS): YamlFile {
  const lines = lineCounterOf(text)
  const tokens = parseTokens(text, limits, lines)
  if (!Array.isArray(tokens)) return { documents: [], problems: [tokens] }
  const composer = new Composer(COMPOSER_OPTIONS)
  const parsed = Array.from(composer.compose(tokens))
  const stray = describeErrors(composer.streamInfo().errors, text, lines)
  const problems = [...stray, ...parsed.flatMap((document) => syntaxProblems(document, text, lines))]
  if (problems.length > 0) return { documents: [], problems: problems.slice(0, MOST_PROBLEMS) }

  const documents: YamlDocument[] = []
  for (const document of parsed) {
    const result = toValue(document, limits)
    if ('error' in result) {
      const position = positionOf(lines, document.range[0])
      return { documents: [], problems: [fileProblem('the aliases expand too far', 'write the values out', position)] }
    }
    if (result.value === null) continue
    documents.push({
      value: result.value,
      line: positionOf(lines, locate(document, [], false)).line,
      toProblem: (finding) => place(document, lines, finding),
    })
  }
  return { documents, problems: [] }
}
