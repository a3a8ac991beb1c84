/** What documents say: the commands and the links in them. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** The repository: the compiled test lies in BUILD/test/docs. */
export const ROOT = join(import.meta.dirname, '../../..')

export interface Found {
  /** As `docs/install.md:12`. */
  readonly place: string
  readonly text: string
}

/** README.md, CHANGELOG.md, CONTRIBUTING.md and everything below docs/. */
export function documents(): readonly string[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  const paths = below.filter((path) => path.endsWith('.md')).map((path) => join('docs', path))
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...paths.sort()]
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Lines of shell blocks, continued ones joined, without their comments. */
export function shellLines(path: string): readonly Found[] {
  const found: Found[] = []
  let inside = false
  let joined = ''
  for (const [index, line] of read(path).split('\n').entries()) {
    const fence = /^\s*```(\w*)/.exec(line)
    if (fence !== null) {
      inside = !inside && ['sh', 'bash', 'shell', 'console'].includes(fence[1] ?? '')
      continue
    }
    if (!inside) continue
    joined += line.replace(/\\$/, '').trim() + ' '
    if (line.endsWith('\\')) continue
    found.push({ place: `${path}:${index + 1}`, text: joined.replace(/\s#.*$/, '').trim() })
    joined = ''
  }
  return found
}

/** Texts between single backquotes, outside of blocks. */
export function inlineCode(path: string): readonly Found[] {
  const prose = read(path).replaceAll(/^\s*```[\s\S]*?^\s*```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
  return prose
    .split('\n')
    .flatMap((line, index) =>
      Array.from(line.matchAll(/`([^`]+)`/g), ([, text = '']) => ({ place: `${path}:${index + 1}`, text })),
    )
}

/** Links to files of the repository, outside of blocks: where they lead, and to which heading. */
export function links(path: string): readonly (Found & { readonly file: string; readonly heading: string })[] {
  const prose = read(path).replaceAll(/^\s*```[\s\S]*?^\s*```/gm, (block) => block.replaceAll(/[^\n]/g, ''))
  return prose.split('\n').flatMap((line, index) =>
    Array.from(line.matchAll(/\]\(([^)\s]+)\)/g), ([, text = '']) => text)
      .filter((text) => !/^[a-z]+:/.test(text))
      .map((text) => {
        const [target = '', heading = ''] = text.split('#')
        const file = target === '' ? path : relative(ROOT, join(ROOT, path, '..', target))
        return { place: `${path}:${index + 1}`, text, file, heading }
      }),
  )
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchors(path: string): ReadonlySet<string> {
  const headings = Array.from(read(path).matchAll(/^#+ (.+)$/gm), ([, text = '']) => text)
  return new Set(
    headings.map((text) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
