import { memberPointer } from '../manifest/json-pointer.ts'

/**
 * Line (from 1) of the value that a JSON pointer names, in text that is JSON; of the innermost one around it that is there, for a
 * value that is missing.
 */
export function lineOf(text: string, pointer: string): number {
  const wanted = pointer === '/' ? '' : pointer
  let found = { pointer: '', line: 1 }
  for (const place of placesIn(text)) {
    const around = wanted === place.pointer || wanted.startsWith(`${place.pointer}/`)
    if (around && place.pointer.length > found.pointer.length) found = place
  }
  return found.line
}

/** The first member that stands in its object a second time. */
export function repeatedIn(text: string): Place | undefined {
  const seen = new Set<string>()
  for (const place of placesIn(text)) {
    if (seen.has(place.pointer)) return place
    seen.add(place.pointer)
  }
  return undefined
}

interface Place {
  readonly pointer: string
  readonly line: number
}

/** A member is where its name stands, an item of a list where it begins. */
function* placesIn(text: string): Generator<Place> {
  /** What is open: the name of the member that is read, or the number of the item. */
  const open: (string | number)[] = []
  let line = 1
  let beginsItem = false
  const here = (): Place => ({ pointer: open.reduce<string>(memberPointer, ''), line })
  for (const [part, colon] of text.matchAll(/"(?:[^"\\\n]|\\.)*"(\s*:)?|\n|[{}[\],]|[^\s{}[\],":]+/g)) {
    if (part === '\n') line += 1
    else if (part === ']' || part === '}') open.pop()
    else if (part === ',') {
      const last = open.at(-1)
      if (typeof last === 'number') open[open.length - 1] = last + 1
      beginsItem = typeof last === 'number'
      continue
    } else {
      if (beginsItem) yield here()
      if (colon !== undefined) {
        open[open.length - 1] = JSON.parse(part.slice(0, -colon.length)) as string
        yield here()
        line += colon.split('\n').length - 1
      } else if (part === '{') open.push('')
      else if (part === '[') open.push(0)
    }
    if (part !== '\n') beginsItem = part === '['
  }
}
