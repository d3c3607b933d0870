interface Closing {
  once(event: 'close', listener: () => void): unknown
}

/** Counts open sockets by who has them. */
export class Places {
  readonly #taken = new Map<string, number>()

  /** @returns false when there are `most` already; otherwise the place is given back when the socket closes */
  take(owner: string, socket: Closing, most: number): boolean {
    const count = this.#taken.get(owner) ?? 0
    if (count >= most) return false
    this.#taken.set(owner, count + 1)
    socket.once('close', () => {
      const left = (this.#taken.get(owner) ?? 1) - 1
      if (left > 0) this.#taken.set(owner, left)
      else this.#taken.delete(owner)
    })
    return true
  }
}
