import type { Point } from './series.ts'

export interface ChartSeries {
  readonly key: string
  readonly label: string
  readonly points: readonly Point[]
  /** `second` is drawn thinner and dashed: neighbours, last week. */
  readonly look?: 'main' | 'second'
}

/** All values measured at one time, in the order of the series. */
export interface ChartRow {
  readonly at: string
  readonly values: readonly (number | null)[]
}

/** The dataset as a table: one row per time that any series has, oldest first. */
export function chartRows(series: readonly ChartSeries[]): ChartRow[] {
  const rows = new Map<string, (number | null)[]>()
  series.forEach((one, index) => {
    for (const point of one.points) {
      const row = rows.get(point.at) ?? series.map(() => null)
      row[index] = point.value
      rows.set(point.at, row)
    }
  })
  return [...rows].map(([at, values]) => ({ at, values })).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

/** RFC 4180 with ISO times and full precision: made for machines, not for the screen. */
export function chartCsv(series: readonly ChartSeries[], rows: readonly ChartRow[]): string {
  const head = ['time', ...series.map((one) => one.label)]
  const lines = rows.map((row) => [row.at, ...row.values.map((value) => (value === null ? '' : String(value)))])
  return [head, ...lines].map((cells) => cells.map(csvCell).join(',')).join('\r\n') + '\r\n'
}

/** Quoted where needed; a leading formula character is defused for spreadsheets, negative numbers are left alone. */
function csvCell(cell: string): string {
  const safe = /^[=+@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
