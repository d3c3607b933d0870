import type { Reference } from './open-customers.ts'

/** A note that is being written; the key makes sure that what a lost answer may have kept is not kept twice. */
export interface Draft {
  readonly text: string
  readonly idempotencyKey: string
}

export interface NoteDrafts {
  /** What was being written about the customer; undefined when nothing was, or it cannot be read by this person. */
  read(reference: Reference): Promise<Draft | undefined>
  /** Keeps the latest; without a draft forgets it. */
  keep(reference: Reference, draft: Draft | undefined): Promise<void>
}

const ivBytes = 12

/**
 * Notes being written, one for each customer, in the tab's storage. Whoever sits down at the browser later can open that
 * storage, so it holds what only the writer's own key opens, and the host gives that key to nobody else.
 */
export function noteDrafts(subject: string, storage: Storage, key: () => Promise<CryptoKey>): NoteDrafts {
  const latest = new Map<string, symbol>()
  const nameOf = ({ region, id }: Reference): string => `dcesop.customers.note.${subject}.${region}.${id}`

  async function seal(name: string, draft: Draft): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
    const plain = new TextEncoder().encode(JSON.stringify(draft))
    const sealed = await crypto.subtle.encrypt(cipher(iv, name), await key(), plain)
    return toText(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
  }

  async function open(name: string, text: string): Promise<Draft> {
    const bytes = toBytes(text)
    const plain = await crypto.subtle.decrypt(
      cipher(bytes.subarray(0, ivBytes), name),
      await key(),
      bytes.subarray(ivBytes),
    )
    return JSON.parse(new TextDecoder().decode(plain)) as Draft
  }

  return {
    async read(reference) {
      const name = nameOf(reference)
      const text = storage.getItem(name)
      if (text === null) return undefined
      try {
        return await open(name, text)
      } catch {
        // Without the host there is no key: the draft waits. Of another key it stays as unreadable as it is meant to be.
        return undefined
      }
    },
    async keep(reference, draft) {
      const name = nameOf(reference)
      const mine = Symbol(name)
      latest.set(name, mine)
      if (draft === undefined) return storage.removeItem(name)
      try {
        const sealed = await seal(name, draft)
        // What was typed meanwhile is newer.
        if (latest.get(name) === mine) storage.setItem(name, sealed)
      } catch {
        // No key, or no room: the note stays on the screen, as without this.
      }
    },
  }
}

function cipher(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) }
}

export function toText(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}
