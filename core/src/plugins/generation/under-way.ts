/**
 * What comes and goes with every request, in places that are used again. Not a Map or Set: V8 makes them a new table now and then and
 * lets the old one refer to it, so that collections of young objects keep whatever was in any of them until the next full one.
 */
export class UnderWay<T> {
  readonly #places: (T | undefined)[] = []
  readonly #free: number[] = []

  /** @returns its place, to be left once */
  enter(item: T): number {
    const place = this.#free.pop() ?? this.#places.length
    this.#places[place] = item
    return place
  }

  leave(place: number): void {
    this.#places[place] = undefined
    this.#free.push(place)
  }

  all(): T[] {
    return this.#places.filter((item) => item !== undefined)
  }
}
