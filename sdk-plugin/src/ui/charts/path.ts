export interface Pixel {
  readonly x: number
  /** Null where nothing was measured. */
  readonly y: number | null
}

/** Unbroken stretches of measured pixels; a gap in the data is a gap in the line. */
export function stretches(pixels: readonly Pixel[]): { x: number; y: number }[][] {
  const found: { x: number; y: number }[][] = []
  let current: { x: number; y: number }[] = []
  for (const { x, y } of pixels) {
    if (y === null) {
      if (current.length > 0) found.push(current)
      current = []
    } else current.push({ x, y })
  }
  if (current.length > 0) found.push(current)
  return found
}

/** SVG path of a line; a lone measurement becomes a dot through the round line cap. */
export function linePath(pixels: readonly Pixel[]): string {
  return stretches(pixels)
    .map(
      (run) =>
        run.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('') +
        (run.length === 1 ? 'h0' : ''),
    )
    .join('')
}

/** SVG path of the area between the line and `base`. */
export function areaPath(pixels: readonly Pixel[], base: number): string {
  return stretches(pixels)
    .filter((run) => run.length > 1)
    .map((run) => {
      const first = run[0]
      const last = run.at(-1)
      if (first === undefined || last === undefined) return ''
      const line = run.map(({ x, y }) => `L${round(x)} ${round(y)}`).join('')
      return `M${round(first.x)} ${round(base)}${line}L${round(last.x)} ${round(base)}Z`
    })
    .join('')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
