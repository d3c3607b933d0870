import { type KeyObject, sign, verify } from 'node:crypto'
import { keyIdOf } from '../keys.ts'
import { distrust } from '../trust-error.ts'
import type { TrustedKeys } from './key-list.ts'

/** A member of `dist.signatures`, in npm's form. */
export interface PackageSignature {
  readonly keyid: string
  readonly sig: string
}

export interface SignedPackage {
  readonly name: string
  readonly version: string
  /** `sha512-…` of the tarball. */
  readonly integrity: string
}

/** ECDSA P-256 over `name@version:integrity`, which npm's clients check, too. */
export function signPackage(subject: SignedPackage, key: KeyObject): PackageSignature {
  return { keyid: keyIdOf(key), sig: sign('sha256', messageOf(subject), key).toString('base64') }
}

/** @param publishedAt for keys that were replaced since @returns id of the key that signed it @throws TrustError unless a key of the registry did */
export function checkPackageSignature(
  subject: SignedPackage,
  signatures: readonly PackageSignature[],
  keys: TrustedKeys,
  publishedAt: Date,
): string {
  const good = keys.of('package', publishedAt)
  const message = messageOf(subject)
  const fitting = signatures.find(({ keyid, sig }) => {
    const key = good.get(keyid)
    return key !== undefined && verify('sha256', message, key, Buffer.from(sig, 'base64'))
  })
  if (fitting) return fitting.keyid
  const name = `${subject.name}@${subject.version}`
  const [first] = signatures
  if (!first) throw distrust('wrong_signature', 'package.unsigned', { name })
  const known = good.has(first.keyid)
  const why = keys.whyNot(first.keyid, 'package', publishedAt)
  throw distrust(known ? 'wrong_signature' : 'key_not_valid', 'not-believed', { what: name, why })
}

function messageOf({ name, version, integrity }: SignedPackage): Buffer {
  return Buffer.from(`${name}@${version}:${integrity}`)
}
