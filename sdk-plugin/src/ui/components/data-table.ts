/** A column of `DcDataTable`; cells render through the slot `cell-<key>` or as the text of `value`. */
export interface TableColumn<Row> {
  readonly key: string
  readonly label: string
  /** `end` for figures: right-aligned and tabular. */
  readonly align?: 'start' | 'end'
  readonly sortable?: boolean
  readonly value?: (row: Row) => string | number
  /** The cell that names the row for assistive technology; the first column when none says so. */
  readonly rowHeader?: boolean
}

export interface TableSort {
  readonly key: string
  readonly direction: 'ascending' | 'descending'
}

/** What a press on a column's header asks for. */
export function nextSort(current: TableSort | undefined, key: string): TableSort {
  const flip = current?.key === key && current.direction === 'ascending'
  return { key, direction: flip ? 'descending' : 'ascending' }
}
