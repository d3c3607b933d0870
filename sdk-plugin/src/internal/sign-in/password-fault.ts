const shortest = 8
const longest = 256
/** Distinct characters, below which a password is a pattern of keys. */
const fewest = 4
/** Letters beside the words that everybody would try. */
const leastOfItsOwn = 4

/** What people put into passwords of this product in its languages, without accents. */
const usualWords = [
  'dcesop registry registro plugin telecom admin root user usuario test demo login welcome bienvenido bemvindo'.split(
    ' ',
  ),
  'password passphrase secret contrasena clave secreto senha segredo acesso acceso hola ola hello'.split(' '),
].flat()

/** Digits and signs that stand for letters. */
const disguised: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

export interface PasswordFault {
  readonly reason: 'length' | 'common' | 'guessable'
  /** A sentence in English. */
  readonly text: string
}

const advice = 'Choose another one; a sentence of your own is a good choice.'

/**
 * Why a password is not to be taken (NIST SP 800-63B-4 3.1.1.2): its length, that it is one of the most common ones, or that it is made
 * of what everybody would try. No kinds of characters are asked for.
 * @param about words of the person: user name, e-mail address
 */
export async function passwordFault(password: string, about: readonly string[]): Promise<PasswordFault | undefined> {
  const { length } = Array.from(password)
  if (length < shortest || length > longest)
    return { reason: 'length', text: `The password must have ${shortest} to ${longest} characters.` }
  const common = await commonPasswords()
  const plain = fold(password)
  const words = wordsOf(about)
  const forms = [plain, undisguised(plain)]
  if (new Set(plain).size < fewest || forms.some((form) => common.has(form) || common.has(bare(form))))
    return { reason: 'common', text: `The password is one of the most common ones, which are tried first. ${advice}` }
  if (forms.some((form) => isMadeOf(bare(form), words, common)))
    return {
      reason: 'guessable',
      text: `The password is made of the account's own name, of the product's or of another usual word. ${advice}`,
    }
  return undefined
}

/** Read with the first password that somebody chooses: most processes never need the list. */
let list: Promise<ReadonlySet<string>> | undefined
function commonPasswords(): Promise<ReadonlySet<string>> {
  list ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) => new Set(dictionary['passwords-common']))
  return list
}

/** The account's words, its parts and the usual ones, longest first, as they would stand in a password. */
function wordsOf(about: readonly string[]): string[] {
  const own = about.map(fold).flatMap((text) => [bare(text), ...text.split(/[^\p{L}\p{N}]/u)])
  return [...new Set([...own, ...usualWords])].filter((word) => word.length > 2).sort((a, b) => b.length - a.length)
}

function isMadeOf(text: string, words: readonly string[], common: ReadonlySet<string>): boolean {
  const rest = words.reduce((left, word) => left.replaceAll(word, ' '), text)
  if (rest === text) return false
  const own = rest.replaceAll(' ', '')
  return own.replaceAll(/\P{L}/gu, '').length < leastOfItsOwn || common.has(own)
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

function bare(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function undisguised(text: string): string {
  return text.replaceAll(/[013457@$!]/g, (sign) => disguised[sign] ?? sign)
}
