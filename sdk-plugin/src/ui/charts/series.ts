/** One measurement; a null value is a gap, never a zero. */
export interface Point {
  readonly at: string
  readonly value: number | null
}

export interface SeriesFacts {
  readonly first: Point & { value: number }
  readonly last: Point & { value: number }
  readonly min: number
  readonly max: number
  readonly trend: 'up' | 'down' | 'flat'
}

type Measured = Point & { value: number }

/** First, last and extreme values; undefined without a measurement. */
export function factsOf(points: readonly Point[]): SeriesFacts | undefined {
  const measured = points.filter((point): point is Measured => point.value !== null)
  const first = measured[0]
  const last = measured.at(-1)
  if (first === undefined || last === undefined) return undefined
  const values = measured.map((point) => point.value)
  const min = Math.min(...values)
  const max = Math.max(...values)
  return { first, last, min, max, trend: trendOf(values, max - min) }
}

/** Whether there is a line to draw: one value is no history. */
export function isHistory(points: readonly Point[]): boolean {
  return points.filter(({ value }) => value !== null).length > 1
}

/** Mean of the last quarter against the first; a change below a quarter of the range is noise. */
function trendOf(values: readonly number[], range: number): SeriesFacts['trend'] {
  const quarter = Math.max(1, Math.floor(values.length / 4))
  const change = mean(values.slice(-quarter)) - mean(values.slice(0, quarter))
  if (range === 0 || Math.abs(change) < range / 4) return 'flat'
  return change > 0 ? 'up' : 'down'
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
