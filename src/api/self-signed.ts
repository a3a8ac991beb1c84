/** Makes the certificate of a daemon that was given none: ECDSA P-256, for this host's names and loopback. */

import { randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'

const DAY_MS = 86_400_000
/** The longest that every common client accepts. */
const VALID_DAYS = 825

export interface KeyPair {
  readonly certPem: string
  readonly keyPem: string
}

/** @param names host names and addresses that the certificate is for. */
export async function makeSelfSigned(names: readonly string[], nowMs: number): Promise<KeyPair> {
  // Loaded here and not at every start: it is needed once in two years.
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  // A positive number of 16 bytes (RFC 5280, 4.1.2.2).
  const serialNumber = Buffer.concat([Buffer.of(0x01), randomBytes(15)]).toString('hex')
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber,
    name: 'CN=Modosu',
    // A client whose clock is behind shall not refuse it.
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + VALID_DAYS * DAY_MS),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
      ),
    ],
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    certPem: `${certificate.toString('pem')}\n`,
    keyPem: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  }
}
