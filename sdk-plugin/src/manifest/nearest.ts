/** The words that somebody who wrote `word` may have meant, at most three, the nearest first: a third of its letters may be wrong. */
export function nearest(word: string, words: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(word.length / 3))
  return words
    .map((one) => ({ one, distance: distance(word.toLowerCase(), one.toLowerCase(), most) }))
    .filter(({ distance: far }) => far <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ one }) => one)
}

/** Letters to put in, take out, replace or swap with their neighbour (optimal string alignment); above `most` it is only that. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_row, index) => [index])
  const at = (row: number, column: number) => rows[row]?.[column] ?? Math.abs(row - column)
  for (let column = 0; column <= b.length; column += 1) (rows[0] as number[])[column] = column
  for (let row = 1; row <= a.length; row += 1)
    for (let column = 1; column <= b.length; column += 1) {
      const other = a[row - 1] === b[column - 1] ? 0 : 1
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const changed = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + other)
      ;(rows[row] as number[])[column] = swapped ? Math.min(changed, at(row - 2, column - 2) + 1) : changed
    }
  return at(a.length, b.length)
}
