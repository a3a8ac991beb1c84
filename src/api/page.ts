/**
 * The web page, as the build has made it: a few files that are read once and served from memory, at the TCP door alone. The
 * names of all but the document carry a hash of their content.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { codeOf } from '../domain/errors.ts'
import type { AddRoutes } from './app.ts'

/** Beside the compiled program. */
export const PAGE_FOLDER = fileURLToPath(new URL('../web/', import.meta.url))

const DOCUMENT = 'index.html'
const ASSETS = 'assets'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * What the page may do: load its own files, and call this very door. No script and no style that stands in a document runs,
 * nothing is sent by a form, and no text becomes markup (Trusted Types), whatever a name or a reason holds.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join(';')

export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  readonly gzipped: Buffer
}

export interface Page {
  readonly document: PageFile
  /** By their names below /assets/. */
  readonly assets: ReadonlyMap<string, PageFile>
}

/**
 * @returns null where the page was not built.
 * @throws what a file that is there and cannot be read gives.
 */
export function loadPage(folder: string): Page | null {
  try {
    const document = fileOf(join(folder, DOCUMENT))
    const names = readdirSync(join(folder, ASSETS)).filter((name) => extname(name) in TYPES)
    return { document, assets: new Map(names.map((name) => [name, fileOf(join(folder, ASSETS, name))])) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

function fileOf(path: string): PageFile {
  const bytes = readFileSync(path)
  return { type: TYPES[extname(path)] ?? 'application/octet-stream', bytes, gzipped: gzipSync(bytes, { level: 9 }) }
}

/** `/` and everything below `/ui/` is the one document: which view is meant the page reads from the address. */
export function addPage({ document, assets }: Page): AddRoutes {
  const options = { config: { public: true }, schema: { hide: true } } as const
  return (app) => {
    const showDocument = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
      sendFile(request, reply.header('content-security-policy', PAGE_POLICY), document)
    app.get('/', options, showDocument)
    app.get('/ui/*', options, showDocument)
    for (const [name, file] of assets) {
      app.get(`/${ASSETS}/${name}`, options, (request, reply) =>
        // Another content has another name.
        sendFile(request, reply.header('cache-control', 'public, max-age=31536000, immutable'), file),
      )
    }
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { type, bytes, gzipped }: PageFile): FastifyReply {
  const takesGzip = /(?:^|[\s,])gzip(?!\s*;\s*q=0(?:\.0*)?(?:$|[\s,]))/i.test(
    [request.headers['accept-encoding'] ?? ''].flat().join(','),
  )
  reply.type(type).header('vary', 'Accept-Encoding')
  if (!takesGzip) return reply.send(bytes)
  return reply.header('content-encoding', 'gzip').send(gzipped)
}
