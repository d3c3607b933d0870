import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import type { Peer } from '../channel/peer.ts'
import type { Registration } from '../protocol.ts'

type Callback = (...params: never[]) => unknown

/** What the plugin registered with the host, and whom to call when the host calls back. */
export class Registrations {
  readonly #peer: Peer
  readonly #log: Log
  readonly #callbacks = new Map<number, Callback>()
  readonly #underWay = new Set<Promise<unknown>>()
  #next = 1

  constructor(peer: Peer, log: Log) {
    this.#peer = peer
    this.#log = log
  }

  add(registration: Registration, callback: Callback): Disposable {
    const id = this.#next++
    this.#callbacks.set(id, callback)
    const made = this.#peer.call('register', id, registration)
    this.#underWay.add(made)
    made.then(
      () => this.#underWay.delete(made),
      // Kept until `settled`, where it fails the start; later ones have nobody else to tell.
      (error: unknown) => this.#log.error({ err: error, ...registration }, 'the host refused a registration'),
    )
    return toDisposable(async () => {
      await this.#peer.call('unregister', id)
      this.#callbacks.delete(id)
    })
  }

  /** @throws the host's refusal of anything registered so far */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  invoke(id: number, params: readonly unknown[]): unknown {
    const callback = this.#callbacks.get(id)
    if (!callback) throw new Error('What the host calls was taken back.')
    return callback(...(params as never[]))
  }
}
