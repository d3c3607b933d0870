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

/** Letters of their own, not others with an accent: Unicode takes none of them apart (Latin-ASCII of the CLDR). */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** The words by which a name is found: people write `Sant'Anna` and `D'Ávila` also as one word, and `Strauß` with what their keys have. */
export function wordsToFind(name: string): string[] {
  const joined = name.replace(/(?<=\p{L})['’ʼ`´](?=\p{L})/gu, '')
  const plain = fold(joined).replace(/[ßæœøłđðþı]/g, (letter) => plainLetters[letter] ?? letter)
  return nameWords(`${name} ${joined} ${plain}`)
}
