/** The certificate of the HTTPS listener: the operator's, or a self-signed one that is kept in the state directory. */

import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, type SecureContextOptions } from 'node:tls'

import type { Clock } from '../domain/clock.ts'
import { codeOf, messageOf, RestoreError } from '../domain/errors.ts'
import { replaceFileSync } from '../files/replace-file.ts'
import { makeSelfSigned } from './self-signed.ts'
import type { TlsSettings } from './settings.ts'

const DAY_MS = 86_400_000
/** A self-signed certificate that ends sooner is replaced. */
const RENEW_BEFORE_MS = 30 * DAY_MS
/** Key and certificate in one file, so that one rename replaces both. */
const SELF_SIGNED_FILE = 'api-tls.pem'
/** A copy of the certificate alone, for clients: `curl --cacert`. */
const CERTIFICATE_FILE = 'api-cert.pem'

export interface Certificate {
  readonly options: Pick<SecureContextOptions, 'cert' | 'key'>
  /** SHA-256, as browsers and `openssl x509 -fingerprint -sha256` show it. */
  readonly fingerprint: string
  readonly endsAtMs: number
}

export interface CertificateSource {
  /** @throws RestoreError `InvalidCertificate`. */
  load(): Promise<Certificate>
  /** Changes with the files: as long as it is the same, there is nothing to load anew. Never throws. */
  stamp(): string
}

export function certificateSource(
  settings: TlsSettings,
  { stateDir, host, clock }: { readonly stateDir: string; readonly host: string; readonly clock: Clock },
): CertificateSource {
  if (settings.kind === 'files') {
    const { certFile, keyFile } = settings
    return {
      load: () => Promise.resolve(certificateOf(readPem(certFile), readPem(keyFile), `${certFile}, ${keyFile}`)),
      stamp: () => `${stampOf(certFile)} ${stampOf(keyFile)}`,
    }
  }
  return {
    load: () => loadSelfSigned(stateDir, host, clock.nowMs()),
    // By the day: one that nears its end is replaced while the daemon runs.
    stamp: () => `${stampOf(join(stateDir, SELF_SIGNED_FILE))} ${Math.floor(clock.nowMs() / DAY_MS)}`,
  }
}

function stampOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path)
    return [ino, size, mtimeMs].join(':')
  } catch (error) {
    return codeOf(error) ?? 'unreadable'
  }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new RestoreError(`cannot read ${path}: ${messageOf(error)}`, {
      reason: 'InvalidCertificate',
      hint: 'give PEM files that the daemon may read: api.tls.cert, api.tls.key',
      cause: error,
    })
  }
}

/** Proves that key and certificate are a pair, before a listener depends on it. */
function certificateOf(cert: string, key: string, files: string): Certificate {
  try {
    const { fingerprint256, validTo } = new X509Certificate(cert)
    createSecureContext({ cert, key })
    return { options: { cert, key }, fingerprint: fingerprint256, endsAtMs: Date.parse(validTo) }
  } catch (error) {
    throw new RestoreError(`no usable certificate and key in ${files}: ${messageOf(error)}`, {
      reason: 'InvalidCertificate',
      hint: 'the certificate chain and its private key, both PEM, the key without a passphrase',
      cause: error,
    })
  }
}

async function loadSelfSigned(stateDir: string, host: string, nowMs: number): Promise<Certificate> {
  const path = join(stateDir, SELF_SIGNED_FILE)
  const known = keptCertificate(path)
  if (known !== null && known.endsAtMs - nowMs > RENEW_BEFORE_MS) return known
  const names = new Set(['localhost', hostname(), '127.0.0.1', '::1'])
  if (!['0.0.0.0', '::'].includes(host)) names.add(host)
  const { certPem, keyPem } = await makeSelfSigned([...names], nowMs)
  // Killed before a rename: the old certificate is in force, or a new one is made at the next start.
  replaceFileSync(path, `${keyPem}${certPem}`, { mode: 0o600 })
  replaceFileSync(join(stateDir, CERTIFICATE_FILE), certPem, { mode: 0o644 })
  return certificateOf(certPem, keyPem, path)
}

/** One that cannot be used is replaced like one that is missing: nobody has made it but this program. */
function keptCertificate(path: string): Certificate | null {
  try {
    const pem = readFileSync(path, 'utf8')
    return certificateOf(pem, pem, path)
  } catch {
    return null
  }
}
