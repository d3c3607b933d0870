export const columns = 12
export const maximumItems = 24
/** From here on the person is told that a board of this size is slow to read. */
export const crowdedItems = 12
const maximumRows = 200

/** One widget on the board, in grid cells. */
export interface LayoutItem {
  /** Unique on the board. */
  readonly id: string
  /** `<plugin>/<extension>`. */
  readonly widget: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface DashboardLayout {
  readonly version: 1
  readonly items: readonly LayoutItem[]
}

/** What the catalogue of widgets offers. */
export interface WidgetOffer {
  readonly widget: string
  readonly size: { readonly columns: number; readonly rows: number }
  /** Roles on whose default board it stands. */
  readonly defaultFor: readonly string[]
}

const isCell = (value: unknown, minimum: number, maximum: number): value is number =>
  Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum

function isItem(value: unknown): value is LayoutItem {
  if (typeof value !== 'object' || value === null) return false
  const { id, widget, x, y, w, h } = value as Record<string, unknown>
  return (
    typeof id === 'string' &&
    /^[\w-]{1,60}$/.test(id) &&
    typeof widget === 'string' &&
    /^[a-z0-9-]+\/[a-z0-9-]+$/.test(widget) &&
    isCell(x, 0, columns - 1) &&
    isCell(y, 0, maximumRows) &&
    isCell(w, 1, columns - x) &&
    isCell(h, 1, maximumRows)
  )
}

/** Reads a stored layout; undefined when it is not one of this version, so that the default board is shown instead. */
export function parseLayout(value: unknown): DashboardLayout | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { version, items } = value as Record<string, unknown>
  if (version !== 1 || !Array.isArray(items) || items.length > maximumItems || !items.every(isItem)) return undefined
  if (new Set(items.map(({ id }) => id)).size !== items.length) return undefined
  return { version: 1, items: items.map(({ id, widget, x, y, w, h }) => ({ id, widget, x, y, w, h })) }
}

/** Reading order: by row, then by column. The order of the DOM must follow it. */
export function readingOrder<T extends { readonly x: number; readonly y: number }>(items: readonly T[]): T[] {
  return [...items].sort((one, other) => one.y - other.y || one.x - other.x)
}

/** First free place for a widget of this size, row by row. */
function freePlace(items: readonly LayoutItem[], width: number, height: number): { x: number; y: number } {
  const overlaps = (x: number, y: number) =>
    items.some((item) => x < item.x + item.w && item.x < x + width && y < item.y + item.h && item.y < y + height)
  for (let y = 0; ; y += 1) {
    for (let x = 0; x + width <= columns; x += 1) if (!overlaps(x, y)) return { x, y }
  }
}

/** Puts a widget on the board at the first free place; the layout itself when the board is full. */
export function addWidget(layout: DashboardLayout, offer: WidgetOffer, id: string): DashboardLayout {
  if (layout.items.length >= maximumItems) return layout
  const w = Math.min(offer.size.columns, columns)
  const h = offer.size.rows
  return { version: 1, items: [...layout.items, { id, widget: offer.widget, w, h, ...freePlace(layout.items, w, h) }] }
}

export function removeWidget(layout: DashboardLayout, id: string): DashboardLayout {
  return { version: 1, items: layout.items.filter((item) => item.id !== id) }
}

/**
 * The board of somebody who never arranged one: what the plugins offer to one of the roles, in the feed's order, in rows
 * without holes: the last widget of a row takes what is left of its width, and all have the height of the highest.
 */
export function defaultLayout(offers: readonly WidgetOffer[], roles: readonly string[]): DashboardLayout {
  const wanted = offers
    .filter(({ defaultFor }) => defaultFor.some((role) => roles.includes(role)))
    .slice(0, maximumItems)
  const items: LayoutItem[] = []
  let y = 0
  for (const row of rowsOf(wanted)) {
    const h = Math.max(...row.map(({ size }) => size.rows))
    let x = 0
    for (const [at, { widget, size }] of row.entries()) {
      const w = at === row.length - 1 ? columns - x : size.columns
      items.push({ id: itemId(widget), widget, x, y, w, h })
      x += w
    }
    y += h
  }
  return { version: 1, items }
}

/** Fills rows of twelve columns in the given order. */
function rowsOf(offers: readonly WidgetOffer[]): WidgetOffer[][] {
  const rows: WidgetOffer[][] = []
  let used = columns
  for (const offer of offers) {
    used += offer.size.columns
    if (used > columns) {
      rows.push([])
      used = offer.size.columns
    }
    rows.at(-1)?.push(offer)
  }
  return rows
}

/** A widget stands on a board once, so its name also names its place. */
export const itemId = (widget: string) => widget.replace('/', '_')
