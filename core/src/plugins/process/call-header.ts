import type { Identity } from '@dcesop/sdk-plugin'
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Carries who makes a request from the host to a plugin's process. Never taken from outside. */
export const callHeader = 'x-dcesop-call'

/** Who makes a request, and its name in logs. */
export interface SentCall {
  readonly identity: Identity
  readonly traceId: string
}

const texts = new WeakMap<Identity, string>()

/** @param key known to the host and this one process only */
export function encodeCall(key: string, { identity, traceId }: SentCall): string {
  const text = texts.get(identity) ?? textOf(identity)
  texts.set(identity, text)
  return `${key}.${traceId}.${text}`
}

function textOf(identity: Identity): string {
  return Buffer.from(JSON.stringify({ ...identity, permissions: [...identity.permissions] })).toString('base64url')
}

const mostRemembered = 200

/** Reads calls; the same few people make most requests, so their texts are read once. */
export class CallReader {
  readonly #key: Buffer
  readonly #known = new Map<string, Identity>()

  constructor(key: string) {
    this.#key = Buffer.from(key)
  }

  /** Takes the header away; undefined when it was not the host that wrote it. */
  take(headers: IncomingHttpHeaders): SentCall | undefined {
    const header = headers[callHeader]
    delete headers[callHeader]
    if (typeof header !== 'string') return undefined
    const [key = '', traceId = '', text = ''] = header.split('.')
    const given = Buffer.from(key)
    if (given.length !== this.#key.length || !timingSafeEqual(given, this.#key)) return undefined
    return { identity: this.#identity(text), traceId }
  }

  #identity(text: string): Identity {
    const known = this.#known.get(text)
    if (known) return known
    const sent = JSON.parse(Buffer.from(text, 'base64url').toString()) as Identity
    const identity = { ...sent, permissions: new Set(sent.permissions) }
    if (this.#known.size >= mostRemembered) this.#known.clear()
    this.#known.set(text, identity)
    return identity
  }
}
