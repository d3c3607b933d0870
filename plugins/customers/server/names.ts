/** Lower case without accents, so that `Muñoz` and `munoz`, `João` and `JOAO` meet; other signs become spaces. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Distinct folded words of a name. */
export function nameWords(name: string): string[] {
  return [...new Set(fold(name).split(' '))].filter((word) => word !== '')
}

/** The words by which a name is found: people write `Sant'Anna` and `D'Ávila` also as one word. */
export function wordsToFind(name: string): string[] {
  return nameWords(`${name} ${name.replace(/(?<=\p{L})['’ʼ`´](?=\p{L})/gu, '')}`)
}
