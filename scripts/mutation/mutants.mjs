/**
 * Small changes of the compiled program, one at a time, each of which takes a decision or an act out of it. Comments, logs and
 * failpoints are left alone: what a change of them does, no test should mind.
 */
import ts from 'typescript'

const FLIPPED = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
])

/** Calls whose loss is nobody's harm. */
const HARMLESS = /^(await )?(.*\.)?(log|logger)\.(trace|debug|info|warn|error)\(|\breach\(|^super\(/s

/**
 * Every mutant of a compiled file.
 *
 * @param file its name in the result.
 * @returns `{ file, start, end, from, to, kind, line }`: `to` in place of the characters from `start` to `end`, which read `from`.
 */
export function mutantsOf(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const found = []
  const add = (node, to, kind) => {
    const start = node.getStart(source)
    const from = text.slice(start, node.end)
    if (from === to) return
    const { line } = source.getLineAndCharacterOfPosition(start)
    found.push({ file, start, end: node.end, from, to, kind, line: line + 1 })
  }
  const visit = (node) => {
    if (ts.isIfStatement(node)) {
      add(node.expression, 'true', 'condition')
      add(node.expression, 'false', 'condition')
    } else if (ts.isConditionalExpression(node)) {
      add(node.condition, 'true', 'condition')
      add(node.condition, 'false', 'condition')
    } else if (ts.isThrowStatement(node)) {
      add(node, ';', 'throw')
    } else if (isAct(node) && !HARMLESS.test(node.getText(source))) {
      add(node, ';', 'act')
    } else if (ts.isBinaryExpression(node)) {
      const to = FLIPPED.get(node.operatorToken.kind)
      if (to !== undefined) add(node.operatorToken, to, 'operator')
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** A call whose value nobody takes. */
function isAct(node) {
  if (!ts.isExpressionStatement(node)) return false
  const { expression } = node
  return ts.isCallExpression(ts.isAwaitExpression(expression) ? expression.expression : expression)
}
