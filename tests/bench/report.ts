export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it is compared with, measured in the same run. */
  readonly baseline?: number
  readonly ratio?: number
}

/** Prints one figure as a JSON line, rounded to what the measurement can say. */
export function report(figure: Figure): void {
  const round = (value: number) => Number(value.toPrecision(4))
  const { name, value, unit, baseline } = figure
  const ratio = figure.ratio ?? (baseline ? value / baseline : undefined)
  console.log(
    JSON.stringify({
      name,
      value: round(value),
      unit,
      ...(baseline !== undefined && { baseline: round(baseline) }),
      ...(ratio !== undefined && { ratio: round(ratio) }),
    }),
  )
}

/** The value below which a share of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}
