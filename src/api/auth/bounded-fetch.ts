/** Documents of an issuer and sets of keys are small: one that does not end must not fill the daemon's memory. */

const LARGEST_BYTES = 1024 * 1024
/** Statuses without a body (https://fetch.spec.whatwg.org/#null-body-status). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304]

/**
 * As `fetch`, with the body read to its end.
 *
 * @throws Error where the body is larger than 1 MiB; the rest of it is not read.
 */
export async function boundedFetch(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > LARGEST_BYTES) throw new Error(`the answer of ${new URL(url).origin} is larger than 1 MiB`)
    parts.push(part)
  }
  const { status, statusText, headers } = response
  const body = WITHOUT_BODY.includes(status) ? null : Buffer.concat(parts)
  return new Response(body, { status, statusText, headers })
}
