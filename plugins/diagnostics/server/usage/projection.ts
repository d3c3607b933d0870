/** Usage by the end of the cycle with the interval in which it lies in eight of ten cases. */
export interface Projection {
  readonly value: number
  readonly low: number
  readonly high: number
  /** `observed`: the spread of this customer's own days; `assumed`: too few days yet, half of the daily mean is taken. */
  readonly basis: 'observed' | 'assumed'
}

/** Quantile of the normal distribution for a two-sided interval of 80 %. */
const z = 1.2816
/** Days needed before the spread between them is believed. */
const minDays = 5
const assumedVariation = 0.5

/**
 * Projects a counter to the end of the cycle: used + r·m, where m is the mean per day since the start of the cycle and r the days
 * that remain. The interval is that of a prediction, z·s·√(r + r²/n), with s the standard deviation between the n whole days that
 * are known: r for the days to come, r²/n for the uncertainty of the mean itself. It never goes below what is used already.
 * @param elapsedDays days since the start of the cycle, with fraction, more than 0
 * @param dailyUse use of the whole days that are known
 */
export function project(
  used: number,
  elapsedDays: number,
  remainingDays: number,
  dailyUse: readonly number[],
): Projection {
  const mean = used / Math.max(elapsedDays, 1 / 24)
  const observed = dailyUse.length >= minDays
  const deviation = observed ? standardDeviation(dailyUse) : assumedVariation * mean
  const n = Math.max(observed ? dailyUse.length : elapsedDays, 1)
  const spread = z * deviation * Math.sqrt(remainingDays + remainingDays ** 2 / n)
  const value = used + remainingDays * mean
  return { value, low: Math.max(used, value - spread), high: value + spread, basis: observed ? 'observed' : 'assumed' }
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
