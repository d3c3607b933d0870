/** Keys of a block before it is cut in two: few enough that a key between them moves little. */
const MOST_IN_BLOCK = 512

/** Keys in order, as latin1, to which one is added without moving all that follow it. */
export class SortedKeys {
  /** None is empty, unless all are. */
  private readonly blocks: string[][]

  /** @param keys which differ from each other, in any order */
  constructor(keys: Iterable<string>) {
    const sorted = [...keys].sort()
    this.blocks = [sorted.splice(0, MOST_IN_BLOCK / 2)]
    while (sorted.length > 0) this.blocks.push(sorted.splice(0, MOST_IN_BLOCK / 2))
  }

  /** Adds a key that is not there. */
  add(key: string): void {
    const at = this.blockOf(key)
    const block = this.blocks[at] as string[]
    block.splice(lowerBound(block, key), 0, key)
    // In copies: the block may be under a reader.
    const half = MOST_IN_BLOCK / 2
    if (block.length > MOST_IN_BLOCK) this.blocks.splice(at, 1, block.slice(0, half), block.slice(half))
  }

  /** The keys with `start <= key < end`, upwards or downwards; one that is added meanwhile may be among them. */
  *range(start: string, end: string, reverse: boolean): Generator<string> {
    const blocks = this.blocks.slice(this.blockOf(start), this.blockOf(end) + 1)
    for (const block of reverse ? blocks.toReversed() : blocks) {
      const inside = block.slice(lowerBound(block, start), lowerBound(block, end))
      yield* reverse ? inside.reverse() : inside
    }
  }

  /** The block that a key is in, or would be. */
  private blockOf(key: string): number {
    let low = 0
    let high = this.blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (((this.blocks[middle] as string[])[0] as string) <= key) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Where the first key not below `key` is, or would be. */
function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
