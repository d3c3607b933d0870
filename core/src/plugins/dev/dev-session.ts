import type { Identity } from '@dcesop/sdk-plugin'
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { DevOverride } from './dev-override.ts'

/** What the author's terminal is told at its next beat. */
export interface DevEvent {
  readonly level: string
  readonly message: string
}

/** Characters that are not mistaken for one another when typed from one screen into another window. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const mostEvents = 200

/** One `dcesop dev`: begins unclaimed, is claimed once in a shell by its code, and lives while its command beats. */
export class DevSession {
  /** Typed by the author into the shell, `K7QM-3FZT`. */
  readonly code = [0, 1]
    .map(() => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(''))
    .join('-')
  /** Who claimed it; requests and screens of their session alone get the override. */
  owner: Identity | undefined
  override: DevOverride | undefined
  /** The last sign of its command; until it is claimed, its beginning. */
  beatAt: number
  /** Of the command. */
  readonly address: string
  readonly #digest: Buffer
  #events: DevEvent[] = []
  #warned: ReadonlySet<string> = new Set()

  private constructor(token: string, now: number, address: string) {
    this.#digest = digestOf(token)
    this.address = address
    this.beatAt = now
  }

  /** @returns with the secret by which the command is known; only its digest is kept */
  static begin(now: number, address: string): { session: DevSession; token: string } {
    const token = randomBytes(32).toString('base64url')
    return { session: new DevSession(token, now, address), token }
  }

  isOf(token: string): boolean {
    return timingSafeEqual(this.#digest, digestOf(token))
  }

  tell(event: DevEvent): void {
    this.#events.push(event)
    if (this.#events.length > mostEvents) this.#events.shift()
  }

  /** Tells where in the plugin it was that a start failed. @param sources with what names of its files begin */
  tellPlace({ cause }: { readonly cause?: unknown }, sources: string): void {
    if (!(cause instanceof Error)) return
    const own = (cause.stack ?? '').split('\n').filter((line) => line.includes(sources))
    if (own.length > 0) this.tell({ level: 'error', message: [String(cause), ...own].join('\n') })
  }

  /** Tells what a build is warned of; of the next build only what is new. */
  warn(warnings: ReadonlySet<string>): void {
    for (const message of warnings) if (!this.#warned.has(message)) this.tell({ level: 'warn', message })
    this.#warned = warnings
  }

  /** What happened since the last beat. */
  takeEvents(): DevEvent[] {
    const taken = this.#events
    this.#events = []
    return taken
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
