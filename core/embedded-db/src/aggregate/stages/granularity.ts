import { CommandError } from '../../errors.ts'

// Preferred number series (ISO 3, IEC 60063) as MongoDB lists them in granularity_rounder_preferred_numbers.cpp.
const series: Record<string, readonly number[]> = {
  R5: [10, 16, 25, 40, 63],
  R10: [100, 125, 160, 200, 250, 315, 400, 500, 630, 800],
  R20: [100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500, 560, 630, 710, 800, 900],
  R40: [
    100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300, 315, 335, 355,
    375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950,
  ],
  '1-2-5': [10, 20, 50],
  E6: [10, 15, 22, 33, 47, 68],
  E12: [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82],
  E24: [10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91],
}

export interface Rounder {
  /** The smallest number of the series above the value. */
  up(value: number): number
  /** The largest number of the series below the value. */
  down(value: number): number
}

const powersOfTwo: Rounder = {
  up: (value) => (value === 0 ? 0 : 2 ** (Math.floor(Math.log2(value)) + 1)),
  down: (value) => (value === 0 ? 0 : 2 ** (Math.ceil(Math.log2(value)) - 1)),
}

function preferred(numbers: readonly number[]): Rounder {
  const around = (value: number): number[] => {
    const first = numbers[0] as number
    const exponent = Math.floor(Math.log10(value / first))
    return [exponent - 1, exponent, exponent + 1].flatMap((e) =>
      numbers.map((n) => (e < 0 ? n / 10 ** -e : n * 10 ** e)),
    )
  }
  return {
    up: (value) => (value === 0 ? 0 : (around(value).find((n) => n > value) as number)),
    down: (value) => (value === 0 ? 0 : (around(value).findLast((n) => n < value) as number)),
  }
}

/** The rounder of a granularity. Errors: 40261, 40257 for an unknown one. */
export function rounderOf(granularity: unknown): Rounder | undefined {
  if (granularity === undefined) return undefined
  if (typeof granularity !== 'string')
    throw new CommandError(40261, 'Location40261', "The $bucketAuto 'granularity' field must be a string")
  if (granularity === 'POWERSOF2') return powersOfTwo
  const numbers = series[granularity]
  if (!numbers) throw new CommandError(40257, 'Location40257', `Unknown rounding granularity '${granularity}'`)
  return preferred(numbers)
}
