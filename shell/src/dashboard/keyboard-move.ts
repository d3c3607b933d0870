import { columns, type LayoutItem } from './layout.ts'

export type Cells = Pick<LayoutItem, 'x' | 'y' | 'w' | 'h'>

const steps: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
/** Smaller than this a widget shows nothing; the manifest's schema has the same bounds. */
const smallest = { w: 2, h: 1 }
const largestHeight = 12

/**
 * Where an arrow takes a widget: it moves by one cell, with Shift it changes its size.
 * @returns undefined for another key, and when the edge of the board does not allow it
 */
export function keyboardMove({ x, y, w, h }: Cells, key: string, resize: boolean): Cells | undefined {
  const step = steps[key]
  if (step === undefined) return undefined
  const [dx, dy] = step
  const next = resize ? { x, y, w: w + dx, h: h + dy } : { x: x + dx, y: y + dy, w, h }
  const fits =
    next.x >= 0 &&
    next.y >= 0 &&
    next.x + next.w <= columns &&
    next.w >= smallest.w &&
    next.h >= smallest.h &&
    next.h <= largestHeight
  return fits ? next : undefined
}
