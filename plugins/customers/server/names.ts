/** Lower case without accents, so that `Muñoz` and `munoz`, `João` and `JOAO` meet; other signs become spaces. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Distinct folded words of a name. */
export function nameWords(name: string): string[] {
  return [...new Set(fold(name).split(' '))].filter((word) => word !== '')
}
