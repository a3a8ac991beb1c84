/** Warnings beside an answer, as the Kubernetes API gives them (RFC 7234, 5.5). */

import type { FastifyReply } from 'fastify'

/** @param text null: there is nothing to say. */
export function warn(reply: FastifyReply, text: string | null): void {
  if (text === null) return
  const quoted = text.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/["\\]/g, (character) => `\\${character}`)
  reply.header('warning', `299 - "${quoted}"`)
}

/** The texts of such a header. */
export function warningsIn(header: string | undefined): readonly string[] {
  const found = [...(header ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)]
  return found.map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'))
}
