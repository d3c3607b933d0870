import { parse, type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser'
import { printAST } from '@formatjs/icu-messageformat-parser/printer.js'
import type { Catalogue } from './locales.ts'

const accents: Readonly<Record<string, string>> = {
  a: 'á', b: 'ƀ', c: 'ç', d: 'ð', e: 'é', f: 'ƒ', g: 'ĝ', h: 'ĥ', i: 'î', j: 'ĵ', k: 'ķ', l: 'ļ', m: 'ɱ',
  n: 'ñ', o: 'ö', p: 'þ', q: 'ǫ', r: 'ŕ', s: 'š', t: 'ţ', u: 'û', v: 'ṽ', w: 'ŵ', x: 'ẋ', y: 'ý', z: 'ž',
} // oxfmt-ignore

const cache = new Map<string, string>()

/** An ICU message accented, 40 % longer and in brackets; arguments, plurals and tags stay as they are. */
export function pseudoLocalize(message: string): string {
  let text = cache.get(message)
  if (text === undefined) {
    const elements = parse(message, { ignoreTag: true, captureLocation: false })
    const padding = '~'.repeat(Math.ceil(literalLength(elements) * 0.4))
    text = `[${printAST(elements.map(accent))}${padding}]`
    cache.set(message, text)
  }
  return text
}

/** The whole catalogue for locale `qps-ploc`. */
export function pseudoCatalogue(catalogue: Catalogue): Catalogue {
  return Object.fromEntries(Object.entries(catalogue).map(([id, message]) => [id, pseudoLocalize(message)]))
}

function accent(element: MessageFormatElement): MessageFormatElement {
  if (element.type === TYPE.literal) {
    return { ...element, value: element.value.replace(/[a-z]/g, (letter) => accents[letter] ?? letter) }
  }
  if (element.type === TYPE.plural || element.type === TYPE.select) {
    const options = Object.entries(element.options).map(([key, o]) => [key, { ...o, value: o.value.map(accent) }])
    return { ...element, options: Object.fromEntries(options) }
  }
  return element
}

function literalLength(elements: readonly MessageFormatElement[]): number {
  return elements.reduce((sum, element) => {
    if (element.type === TYPE.literal) return sum + element.value.length
    if (element.type !== TYPE.plural && element.type !== TYPE.select) return sum
    return sum + Math.max(...Object.values(element.options).map((option) => literalLength(option.value)))
  }, 0)
}
