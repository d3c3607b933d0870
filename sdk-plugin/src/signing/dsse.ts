import { type KeyObject, sign, verify } from 'node:crypto'
import { keyIdOf } from './keys.ts'

/**
 * A DSSE envelope (secure-systems-lab/dsse, protocol v1.0.2): `payload` and `sig` are base64, `payloadType` is signed with the payload.
 */
export interface Envelope {
  readonly payloadType: string
  readonly payload: string
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]
}

/** Signs the payload with one or more private keys (Ed25519, or ECDSA P-256 with SHA-256). */
export function signEnvelope(payloadType: string, payload: Buffer, keys: readonly KeyObject[]): Envelope {
  const bytes = preAuthEncoding(payloadType, payload)
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: keys.map((key) => ({ keyid: keyIdOf(key), sig: sign(digestOf(key), bytes, key).toString('base64') })),
  }
}

/**
 * The payload, if at least one signature is by one of the public keys.
 * @param keys public keys by key id
 * @returns the payload with the ids of the keys that signed it, or undefined when none of them did
 */
export function openEnvelope(
  envelope: Envelope,
  payloadType: string,
  keys: ReadonlyMap<string, KeyObject>,
): { payload: Buffer; signers: readonly string[] } | undefined {
  if (envelope.payloadType !== payloadType) return undefined
  const payload = Buffer.from(envelope.payload, 'base64')
  const bytes = preAuthEncoding(payloadType, payload)
  const signers = envelope.signatures
    .filter(({ keyid, sig }) => {
      const key = keys.get(keyid)
      return key !== undefined && verify(digestOf(key), bytes, key, Buffer.from(sig, 'base64'))
    })
    .map(({ keyid }) => keyid)
  return signers.length > 0 ? { payload, signers: [...new Set(signers)] } : undefined
}

/** Reads an envelope from JSON. @returns undefined when the value is not one */
export function envelopeOf(value: unknown): Envelope | undefined {
  if (value === null || typeof value !== 'object') return undefined
  const { payloadType, payload, signatures } = value as Record<string, unknown>
  if (typeof payloadType !== 'string' || !isBase64(payload) || !Array.isArray(signatures)) return undefined
  if (signatures.length === 0 || signatures.length > 16) return undefined
  const sound = signatures.every((signature: unknown) => {
    const { keyid, sig } = (signature ?? {}) as Record<string, unknown>
    return typeof keyid === 'string' && isBase64(sig)
  })
  return sound ? (value as Envelope) : undefined
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
}

function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  const type = Buffer.from(payloadType, 'utf8')
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `, 'utf8'), payload])
}

/** Ed25519 hashes by itself. */
function digestOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
}
