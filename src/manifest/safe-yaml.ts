/** YAML in which every hidden character is escaped: it means the same, and shows what it holds. */

import { Document, visit, type DocumentOptions, type ToStringOptions } from 'yaml'

import { escapeHidden, hasHidden } from '../domain/unsafe-text.ts'

/** The text ends with a line break. */
export function safeYaml(value: unknown, options: DocumentOptions & ToStringOptions = {}): string {
  const document = new Document(value, options)
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value !== 'string' || !(hasHidden(node.value) || isBlankBlock(node.value))) return
      // Escapes exist between double quotes only (YAML 1.2, 5.7).
      node.type = 'QUOTE_DOUBLE'
    },
  })
  return escapeHidden(document.toString(options))
}

/** As a block, lines of nothing but spaces come back without them: their indentation cannot be told from the block's. */
function isBlankBlock(text: string): boolean {
  return text.includes('\n') && text.trim() === ''
}
