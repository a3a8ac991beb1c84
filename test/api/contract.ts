/** Holds what a route really answered against what the document of the API says. */

import assert from 'node:assert/strict'

import { Ajv2020 } from 'ajv/dist/2020.js'

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export class Contract {
  readonly #document: Document
  readonly #ajv: Ajv2020
  readonly #seen = new Set<string>()

  constructor(document: object) {
    this.#document = document as Document
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
    this.#ajv.addSchema(document, 'document')
  }

  /** Operations that were answered, each with its status. */
  get seen(): ReadonlySet<string> {
    return this.#seen
  }

  /** @param url as it was called. */
  check(method: string, url: string, status: number, contentType: string, body: unknown): void {
    const path = this.#template(new URL(url, 'http://x').pathname)
    if (path === undefined) return
    const operation = this.#document.paths[path]?.[method.toLowerCase()]
    if (operation === undefined) return
    const code = [String(status), `${Math.floor(status / 100)}XX`].find((each) => each in operation.responses)
    const place = `${method} ${path} ${status}`
    assert.ok(code !== undefined, `${place} is not in the document`)
    const media = contentType.split(';')[0] ?? ''
    const { content } = operation.responses[code] ?? {}
    assert.ok(content !== undefined && media in content, `${place} is not said to be ${media}`)
    const steps = ['paths', path, method.toLowerCase(), 'responses', code, 'content', media, 'schema']
    const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    const validate = this.#ajv.compile({ $ref: `document#/${pointer}` })
    assert.ok(validate(body), `${place}: ${this.#ajv.errorsText(validate.errors)}: ${JSON.stringify(body)}`)
    this.#seen.add(place)
  }

  /** A path without a parameter in it is meant before one with. */
  #template(pathname: string): string | undefined {
    const isMeant = (path: string): boolean =>
      new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname)
    const found = Object.keys(this.#document.paths).filter(isMeant)
    return found.sort((a, b) => a.split('{').length - b.split('{').length)[0]
  }
}
