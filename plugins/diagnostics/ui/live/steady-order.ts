/**
 * Items in the wanted order, except that those which were shown before keep their places while `held`: nothing moves away from
 * under a pointer or the focus. New ones come last, and what is gone leaves no gap.
 */
export function steadyOrder<T extends { readonly id: string }>(
  wanted: readonly T[],
  shown: readonly string[],
  held: boolean,
): readonly T[] {
  if (!held) return wanted
  const place = (item: T) => (shown.includes(item.id) ? shown.indexOf(item.id) : shown.length)
  return wanted.toSorted((a, b) => place(a) - place(b))
}
