import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Envelope, openEnvelope, signEnvelope } from '../dsse.ts'
import { keyIdOf } from '../keys.ts'
import { checkTime, clockSkewMs, distrust } from '../trust-error.ts'
import type { ToldTrust } from '../trust-text.ts'
import { parsePayload } from './payload.ts'

export const keyRoles = ['package', 'attestation', 'snapshot', 'log'] as const
export type KeyRole = (typeof keyRoles)[number]

export const keyListType = 'application/vnd.dcesop.keys+json'

/** A key of the registry, public half. */
export interface ListedKey {
  readonly keyid: string
  readonly role: KeyRole
  /** DER in base64. */
  readonly spki: string
  readonly from: string
  /** End of the time in which it signs; what it signed before stays good. */
  readonly until: string | null
}

/** The registry's keys, signed by the root key that instances pin. */
export interface KeyList {
  /** Grows with every change. */
  readonly version: number
  readonly issuedAt: string
  readonly expires: string
  readonly keys: readonly ListedKey[]
  /** Nothing that these signed is believed, whenever it was. */
  readonly revoked: readonly { readonly keyid: string; readonly at: string; readonly reason: string }[]
}

export function signKeyList(list: KeyList, root: KeyObject): Envelope {
  return signEnvelope(keyListType, Buffer.from(JSON.stringify(list)), [root])
}

export interface KeyListOptions {
  readonly now: Date
  /** Version of the list that was believed before: an older one is an attempt to bring revoked keys back. */
  readonly seen?: number
}

/** @param roots pinned public root keys by id @throws TrustError */
export function openKeyList(
  envelope: Envelope,
  roots: ReadonlyMap<string, KeyObject>,
  { now, seen = 0 }: KeyListOptions,
): TrustedKeys {
  const opened = openEnvelope(envelope, keyListType, roots)
  if (!opened) throw distrust('wrong_signature', 'keys.unsigned')
  const what = { id: 'what.keys' } as const
  const list = parsePayload<KeyList>(opened.payload, what, ['keys', 'revoked', 'version', 'expires'])
  if (list.version < seen) throw distrust('rolled_back', 'keys.rolled-back', { version: list.version, seen })
  checkTime(what, now, new Date(list.issuedAt), new Date(list.expires))
  return new TrustedKeys(list)
}

/** Keys that the root key vouches for. */
export class TrustedKeys {
  readonly list: KeyList
  readonly #keys: ReadonlyMap<string, { listed: ListedKey; key: KeyObject }>

  /** @param list a list whose signature was checked */
  constructor(list: KeyList) {
    const revoked = new Set(list.revoked.map(({ keyid }) => keyid))
    this.list = list
    this.#keys = new Map(
      list.keys.flatMap((listed) => {
        const key = createPublicKey({ key: Buffer.from(listed.spki, 'base64'), format: 'der', type: 'spki' })
        // The id is what envelopes name; one that is not the key's own would let another key pass for it.
        return revoked.has(listed.keyid) || keyIdOf(key) !== listed.keyid ? [] : [[listed.keyid, { listed, key }]]
      }),
    )
  }

  /** Keys of a role that were good for signing at a time, by id. */
  of(role: KeyRole, at: Date): Map<string, KeyObject> {
    const good = [...this.#keys].filter(([, { listed }]) => listed.role === role && covers(listed, at))
    return new Map(good.map(([id, { key }]) => [id, key]))
  }

  /** Why a key is not good, for the sentence of an error. */
  whyNot(keyid: string, role: KeyRole, at: Date): ToldTrust {
    const revoked = this.list.revoked.find((entry) => entry.keyid === keyid)
    if (revoked) return { id: 'why.revoked', params: { keyid, at: revoked.at, reason: revoked.reason } }
    const known = this.#keys.get(keyid)
    if (!known) return { id: 'why.unknown', params: { keyid } }
    if (known.listed.role !== role) return { id: 'why.role', params: { keyid, own: known.listed.role, role } }
    if (!covers(known.listed, at)) return { id: 'why.time', params: { keyid, at: at.toISOString() } }
    return { id: 'why.signature', params: { keyid } }
  }
}

function covers({ role, from, until }: ListedKey, at: Date): boolean {
  const time = at.getTime()
  // A version keeps its time of publishing when a younger key signs it again.
  const begun = role === 'package' || Date.parse(from) <= time + clockSkewMs
  return begun && (until === null || time <= Date.parse(until) + clockSkewMs)
}

/** Opens what a key of the registry signed, by the time that the payload itself states. @throws TrustError */
export function openByRole<T extends object>(
  envelope: Envelope,
  payloadType: string,
  keys: TrustedKeys,
  {
    role,
    what,
    members,
    time,
  }: { role: KeyRole; what: ToldTrust; members: readonly (keyof T & string)[]; time: (value: T) => string },
): T {
  if (envelope.payloadType !== payloadType)
    throw distrust('malformed', 'type', { what, type: JSON.stringify(envelope.payloadType) })
  // Read before it is believed, for its time alone; nothing of it is used unless a key that was good then signed it.
  const claimed = parsePayload<T>(Buffer.from(envelope.payload, 'base64'), what, members)
  const at = new Date(time(claimed))
  if (Number.isNaN(at.getTime())) throw distrust('malformed', 'undated', { what })
  if (openEnvelope(envelope, payloadType, keys.of(role, at))) return claimed
  const [first] = envelope.signatures
  const why = keys.whyNot(first?.keyid ?? '', role, at)
  throw distrust(why.id === 'why.signature' ? 'wrong_signature' : 'key_not_valid', 'not-believed', { what, why })
}
