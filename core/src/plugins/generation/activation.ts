import { type Disposable, DisposableStore, toDisposable } from '@dcesop/sdk-plugin'

/**
 * Work that a generation registers while it starts but may do only while it is the active one: jobs, event subscriptions.
 * So two generations of a plugin never work at the same time during an upgrade.
 */
export class Activation {
  #phase: 'waiting' | 'active' | 'ended' = 'waiting'
  readonly #waiting = new Set<{ begin(): Disposable; begun?: Disposable }>()
  #begun = new DisposableStore()

  /** Begins at once when the generation is active already. @throws Error after the end */
  defer(begin: () => Disposable): Disposable {
    if (this.#phase === 'ended')
      throw new Error('This generation of the plugin was stopped; nothing can be registered any more.')
    const item: { begin(): Disposable; begun?: Disposable } = { begin }
    this.#waiting.add(item)
    if (this.#phase === 'active') this.#beginOne(item)
    return toDisposable(async () => {
      this.#waiting.delete(item)
      await item.begun?.dispose()
    })
  }

  begin(): void {
    if (this.#phase !== 'waiting') return
    this.#phase = 'active'
    for (const item of this.#waiting) this.#beginOne(item)
  }

  /** Stops what runs and waits for it; can begin again afterwards, for a generation that takes over once more. */
  async pause(): Promise<void> {
    if (this.#phase !== 'active') return
    this.#phase = 'waiting'
    const begun = this.#begun
    this.#begun = new DisposableStore()
    await begun.dispose()
  }

  async end(): Promise<void> {
    await this.pause()
    this.#phase = 'ended'
    this.#waiting.clear()
  }

  #beginOne(item: { begin(): Disposable; begun?: Disposable }): void {
    const begun = item.begin()
    item.begun = begun
    this.#begun.add(begun)
  }
}
