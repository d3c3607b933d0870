/** Whether all of these are simulated: said once, not in every row. */
export function areSimulated(rows: readonly { readonly simulated: boolean }[]): boolean {
  return rows.length > 0 && rows.every(({ simulated }) => simulated)
}
