import type { I18n } from '../host.ts'
import type { ChartRow, ChartSeries } from './chart-rows.ts'
import { areaPath, linePath, type Pixel } from './path.ts'
import { linearScale, niceTicks, padded, timeTicks } from './scale.ts'

/** The drawing area in pixels, without the labels around it. */
export interface ChartBox {
  readonly width: number
  readonly height: number
  /** What a label of the time takes with the space around it. */
  readonly labelWidth: number
}

export interface Geometry {
  readonly x: (at: string) => number
  readonly y: (value: number) => number
  readonly lines: readonly { key: string; look: 'main' | 'second'; line: string; area: string }[]
  readonly yTicks: readonly { y: number; label: string }[]
  readonly xTicks: readonly { x: number; label: string }[]
}

/** Everything to draw, in pixels of `box`. `levels` are further values the frame must show (promise, thresholds). */
export function chartGeometry(
  series: readonly ChartSeries[],
  rows: readonly ChartRow[],
  levels: readonly number[],
  box: ChartBox,
  format: (value: number) => string,
  text: I18n,
): Geometry {
  const values = rows.flatMap((row) => row.values.filter((value) => value !== null))
  const yDomain = padded([...values, ...levels])
  const from = Date.parse(rows[0]?.at ?? '1970-01-01')
  const to = Date.parse(rows.at(-1)?.at ?? '1970-01-02')
  const y = linearScale(yDomain, [box.height, 0])
  const time = linearScale([from, to], [0, box.width - 4])
  const x = (at: string): number => time(Date.parse(at))
  const label: Intl.DateTimeFormatOptions =
    to - from > 36 * 3_600_000 ? { day: 'numeric', month: 'short' } : { hour: 'numeric', minute: '2-digit' }
  return {
    x,
    y,
    lines: series.map(({ key, look = 'main', points }) => {
      const pixels: Pixel[] = points.map((p) => ({ x: x(p.at), y: p.value === null ? null : y(p.value) }))
      return { key, look, line: linePath(pixels), area: areaPath(pixels, box.height) }
    }),
    yTicks: niceTicks(yDomain, 5).map((tick) => ({ y: y(tick), label: format(tick) })),
    xTicks: timeTicks(from, to, Math.max(1, Math.floor(box.width / box.labelWidth))).map((tick) => ({
      x: time(tick),
      label: text.d(new Date(tick), label),
    })),
  }
}
