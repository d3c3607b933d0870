// Looked up once: the hash is the inner loop of the simulation.
const { imul } = Math

/** A 32-bit hash of texts and numbers (FNV-1a over the parts, finished as in MurmurHash3). */
export function hash(...parts: readonly (string | number)[]): number {
  let state = 0x811c9dc5
  for (const part of parts) {
    const text = String(part)
    for (let index = 0; index < text.length; index += 1) state = imul(state ^ text.charCodeAt(index), 0x01000193)
    state = imul(state ^ 0x1f, 0x01000193)
  }
  state = imul(state ^ (state >>> 16), 0x85ebca6b)
  state = imul(state ^ (state >>> 13), 0xc2b2ae35)
  return (state ^ (state >>> 16)) >>> 0
}

/** A number in [0, 1) that depends on the parts alone. */
export function uniform(...parts: readonly (string | number)[]): number {
  return hash(...parts) / 2 ** 32
}

/** A normally distributed number with mean 0 and deviation 1 that depends on the parts alone (sum of uniforms, cut at 3). */
export function normal(...parts: readonly (string | number)[]): number {
  let sum = 0
  for (let index = 0; index < 4; index += 1) sum += uniform(...parts, index)
  return (sum - 2) * Math.sqrt(3)
}

/** A number that wanders smoothly with time: mean 0, deviation about 1, independent after `periodMs`. */
export function wander(at: number, periodMs: number, ...parts: readonly (string | number)[]): number {
  const step = Math.floor(at / periodMs)
  const share = at / periodMs - step
  const weight = share * share * (3 - 2 * share)
  return normal(...parts, step) * (1 - weight) + normal(...parts, step + 1) * weight
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))
