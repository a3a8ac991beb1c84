/** Finds every reason that the sources can give, with TypeScript's own eyes: literals assigned to `reason` in any form. */

import { dirname, join } from 'node:path'
import ts from 'typescript'

export interface ReasonLiteral {
  readonly reason: string
  readonly place: string
}

const REASON = /^[A-Z][A-Za-z]+$/

/** @param root the repository. */
export function reasonLiterals(root: string): ReasonLiteral[] {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    { noEmit: true },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => undefined,
    },
  )
  const program = ts.createProgram(config!.fileNames, config!.options)
  const checker = program.getTypeChecker()
  const found: ReasonLiteral[] = []
  for (const source of program.getSourceFiles()) {
    if (!source.fileName.startsWith(join(root, 'src')) || dirname(source.fileName).endsWith('reasons')) continue
    visit(source)
  }
  return found

  function visit(node: ts.Node): void {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'reason') collect(node.initializer)
    if (ts.isVariableDeclaration(node) && node.name.getText() === 'reason' && node.initializer)
      collect(node.initializer)
    if (ts.isParameter(node) && node.name.getText() === 'reason' && node.initializer) collect(node.initializer)
    if (ts.isCallExpression(node)) {
      const parameters = checker.getResolvedSignature(node)?.parameters ?? []
      node.arguments.forEach((argument, index) => {
        if (parameters[index]?.name === 'reason') collect(argument)
      })
    }
    ts.forEachChild(node, visit)
  }

  /** The literals that an expression may come to; not those that it compares with. */
  function collect(node: ts.Expression): void {
    if (ts.isStringLiteral(node)) {
      const source = node.getSourceFile()
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      if (REASON.test(node.text)) found.push({ reason: node.text, place: `${source.fileName}:${line + 1}` })
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
