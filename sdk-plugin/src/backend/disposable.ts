/** Anything that was registered and can be taken back. Disposing twice does nothing. */
export interface Disposable {
  dispose(): void | Promise<void>
}

/** Disposes what it holds in reverse order of registration; one failure does not keep the others from running. */
export class DisposableStore implements Disposable {
  #items: Disposable[] = []

  add<T extends Disposable>(item: T): T {
    this.#items.push(item)
    return item
  }

  async dispose(): Promise<void> {
    const items = this.#items.splice(0).reverse()
    const failures: unknown[] = []
    for (const item of items) {
      try {
        await item.dispose()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures, `${failures.length} of ${items.length} disposals failed`)
  }
}

/** A disposable that runs `action` once. */
export function toDisposable(action: () => void | Promise<void>): Disposable {
  let done = false
  return {
    dispose() {
      if (done) return
      done = true
      return action()
    },
  }
}
