/** Finds every reason that the sources can give, with TypeScript's own eyes: literals assigned to `reason` in any form. */

import { dirname, join } from 'node:path'
import ts from 'typescript'

export interface ReasonLiteral {
  readonly reason: string
  readonly place: string
}

const REASON = /^[A-Z][A-Za-z]+$/

const programs = new Map<string, ts.Program>()

/** Read and checked once: that takes seconds. */
function programOf(root: string): ts.Program {
  const known = programs.get(root)
  if (known !== undefined) return known
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => undefined,
    },
  )
  const program = ts.createProgram(config!.fileNames, config!.options)
  programs.set(root, program)
  return program
}

/** @param root the repository. */
export function reasonLiterals(root: string): ReasonLiteral[] {
  return literalsOf(root, 'reason', REASON)
}

/**
 * The literals that are given to a name: as a property, a variable, a parameter or an argument of it.
 *
 * @param root the repository.
 */
export function literalsOf(root: string, name: string, pattern: RegExp): ReasonLiteral[] {
  const program = programOf(root)
  const checker = program.getTypeChecker()
  const found: ReasonLiteral[] = []
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(join(root, 'src')) || dirname(source.fileName).endsWith('reasons')) continue
    visit(source)
  }
  return found

  function visit(node: ts.Node): void {
    if (ts.isPropertyAssignment(node) && node.name.getText() === name) collect(node.initializer)
    if (ts.isVariableDeclaration(node) && node.name.getText() === name && node.initializer) collect(node.initializer)
    if (ts.isParameter(node) && node.name.getText() === name && node.initializer) collect(node.initializer)
    if (ts.isCallExpression(node)) {
      const parameters = checker.getResolvedSignature(node)?.parameters ?? []
      node.arguments.forEach((argument, index) => {
        if (parameters[index]?.name === name) collect(argument)
      })
    }
    ts.forEachChild(node, visit)
  }

  /** The literals that an expression may come to; not those that it compares with. */
  function collect(node: ts.Expression): void {
    if (ts.isStringLiteral(node)) {
      const source = node.getSourceFile()
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      if (pattern.test(node.text)) found.push({ reason: node.text, place: `${source.fileName}:${line + 1}` })
    } else if (ts.isConditionalExpression(node)) {
      collect(node.whenTrue)
      collect(node.whenFalse)
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      collect(node.left)
      collect(node.right)
    } else if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) {
      collect(node.expression)
    }
  }
}

/** The literals that string unions of the domain consist of. @param root the repository. */
export function membersOf(root: string, names: readonly string[]): string[] {
  const domain = join(root, 'src', 'domain')
  const files = ts.sys.readDirectory(domain, ['.ts'])
  const program = ts.createProgram(files, { strict: true, allowImportingTsExtensions: true, noEmit: true })
  const checker = program.getTypeChecker()
  const found: string[] = []
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(domain)) continue
    source.forEachChild((node) => {
      if (!ts.isTypeAliasDeclaration(node) || !names.includes(node.name.text)) return
      const type = checker.getTypeAtLocation(node)
      for (const member of type.isUnion() ? type.types : [type]) {
        if (member.isStringLiteral()) found.push(member.value)
      }
    })
  }
  return found
}
