/** Deterministic numbers in [0, 1): mulberry32 seeded by FNV-1a of the text, so that the same customer comes out each time. */
export function randomOf(seed: string): () => number {
  let state = 0x811c9dc5
  for (let index = 0; index < seed.length; index++) state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of the items; the first ones more often, as names are in a country. */
export function pickCommon<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() ** 1.6 * items.length)] as T
}

export function pick<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

/** Visits each number below `modulus` once as `index` counts up; `modulus` is a power of ten. */
export function scatter(index: number, modulus: number): number {
  return Number((BigInt(index) * 636_413_617n + 123_456_789n) % BigInt(modulus))
}
