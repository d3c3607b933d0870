/** Maps a domain to pixels; a domain without extent lands in the middle. */
export function linearScale([from, to]: readonly [number, number], [start, end]: readonly [number, number]) {
  return (value: number): number =>
    to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start)
}

/** Round steps of 1, 2 or 5 times a power of ten, about `count` of them within the domain. */
export function niceTicks([from, to]: readonly [number, number], count: number): number[] {
  const rough = (to - from) / Math.max(1, count)
  if (!(rough > 0)) return [from]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  // 0.3 / 0.1 is a little less than 3.
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

/** Widens a domain by a twelfth on both sides, so that lines do not touch the frame. */
export function padded(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1]
  const min = Math.min(...values)
  const max = Math.max(...values)
  const margin = (max - min || Math.abs(max) || 1) / 12
  return [min - margin, max + margin]
}

const hour = 3_600_000
const timeSteps = [
  60_000,
  300_000,
  900_000,
  1_800_000,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
  168 * hour,
]

/** Whole minutes, hours or days in the viewer's zone, at most `count` of them. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= count) ?? 720 * hour
  const offset = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - offset) / step) * step + offset
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
}
