import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** Object identifiers (RFC 5280, RFC 5758), encoded. */
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex')

/** One DER element. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts)
const text = (tag: number, value: string) => der(tag, Buffer.from(value))

/**
 * A key and a certificate for some hosts, signed by itself and made on the spot, so that no key lies in the repository.
 *
 * @returns PEM of both, as node:https takes them.
 */
export function selfSigned(...hosts: readonly string[]): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, hosts[0] ?? ''))))
  const year = new Date().getUTCFullYear()
  // Also where a year ends while it is used.
  const validity = sequence(text(0x18, `${year - 1}0101000000Z`), text(0x18, `${year + 2}0101000000Z`))
  const altNames = sequence(
    sequence(SUBJECT_ALT_NAME, der(0x04, sequence(...hosts.map((host) => text(0x82, host))))),
  )
  const algorithm = sequence(ECDSA_WITH_SHA256)
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, altNames),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey))
  const certificate = sequence(body, algorithm, signature).toString('base64')
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  }
}
