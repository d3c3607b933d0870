import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { isObject } from '../values/types.ts'

/** What one index field has led to: a value, or an array that has to be taken apart, with the path that is left. */
interface Lead {
  value: unknown
  rest: readonly string[]
}

export interface FieldValues {
  /** One tuple of values for each index entry; undefined where a document lacks the field. */
  tuples: unknown[][]
  /** Which fields went through an array. */
  multikey: readonly boolean[]
}

const nones: (readonly boolean[] | undefined)[] = []

function noneOf(length: number): readonly boolean[] {
  return (nones[length] ??= new Array<boolean>(length).fill(false))
}

/** The values of a document without arrays on the paths, as most are; undefined when there is one. */
function plainTuple(document: Document, paths: readonly (readonly string[])[]): unknown[] | undefined {
  const tuple = new Array<unknown>(paths.length)
  for (let i = 0; i < paths.length; i++) {
    let value: unknown = document
    for (const name of paths[i] as readonly string[]) {
      if (Array.isArray(value)) return undefined
      value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
    }
    if (Array.isArray(value)) return undefined
    tuple[i] = value
  }
  return tuple
}

const POSITION = /^(0|[1-9]\d*)$/

/**
 * The values under which an index on `paths` holds the document (MongoDB's key generation): one tuple, or one for each
 * element where a path meets an array; an empty array counts as undefined.
 * @throws CommandError 171 when two paths meet different arrays
 */
export function indexFieldValues(document: Document, paths: readonly (readonly string[])[]): FieldValues {
  const plain = plainTuple(document, paths)
  if (plain) return { tuples: [plain], multikey: noneOf(paths.length) }
  const multikey = paths.map(() => false)
  const tuples: unknown[][] = []
  expand(
    paths.map((path) => follow(document, path)),
    multikey,
    tuples,
    paths,
  )
  return { tuples, multikey }
}

/** Follows a path as far as it meets an array; a missing value ends it. */
function follow(start: unknown, path: readonly string[]): Lead {
  let value = start
  for (let i = 0; i < path.length; i++) {
    const name = path[i] as string
    if (Array.isArray(value)) {
      if (!POSITION.test(name)) return { value, rest: path.slice(i) }
      if ((value as unknown[]).some((item) => isObject(item) && Object.hasOwn(item, name))) {
        throw new CommandError(
          16746,
          'Location16746',
          `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}'`,
        )
      }
      value = (value as unknown[])[Number(name)]
    } else if (isObject(value) && Object.hasOwn(value, name)) value = value[name]
    else return { value: undefined, rest: [] }
  }
  return { value, rest: [] }
}

function expand(leads: Lead[], multikey: boolean[], tuples: unknown[][], paths: readonly (readonly string[])[]): void {
  let array: unknown[] | undefined
  let holder = ''
  leads.forEach((lead, i) => {
    if (!Array.isArray(lead.value)) return
    const name = (paths[i] as string[]).at(-1 - lead.rest.length) ?? ''
    if (array !== undefined && array !== lead.value)
      throw new CommandError(171, 'CannotIndexParallelArrays', `cannot index parallel arrays [${name}] [${holder}]`)
    array = lead.value as unknown[]
    holder = name
    multikey[i] = true
  })
  if (array === undefined) {
    tuples.push(leads.map((lead) => lead.value))
    return
  }
  const shared = array
  const elements: unknown[] = shared.length === 0 ? [EMPTY] : shared
  if (leads.every((lead) => lead.value !== shared || lead.rest.length === 0)) {
    // The paths end at the array: each element is a value, also one that is an array.
    const values = leads.map((lead) => lead.value)
    for (const element of elements) {
      const tuple = values.slice()
      for (let i = 0; i < tuple.length; i++) if (tuple[i] === shared) tuple[i] = element
      tuples.push(tuple)
    }
    return
  }
  for (const element of elements) {
    const next = leads.map((lead) => (lead.value === shared ? stepInto(element, lead.rest) : lead))
    expandElement(next, leads, shared, multikey, tuples, paths)
  }
}

/** Stands for the element of an empty array: the key is undefined where the path ends there, missing where it goes on. */
const EMPTY = Symbol('empty array')

function stepInto(element: unknown, rest: readonly string[]): Lead {
  if (element === EMPTY) return { value: rest.length === 0 ? EMPTY : undefined, rest: [] }
  if (rest.length === 0) return { value: element, rest: [] }
  return isObject(element) ? follow(element, rest) : { value: undefined, rest: [] }
}

/** An array that is itself an element is a value; only arrays met further down a path are taken apart again. */
function expandElement(
  next: Lead[],
  before: Lead[],
  shared: unknown[],
  multikey: boolean[],
  tuples: unknown[][],
  paths: readonly (readonly string[])[],
): void {
  const settled = next.map(
    (lead, i) => before[i]?.value === shared && before[i].rest.length === 0 && Array.isArray(lead.value),
  )
  if (!settled.includes(true)) {
    expand(next, multikey, tuples, paths)
    return
  }
  const inner: unknown[][] = []
  expand(
    next.map((lead, i) => (settled[i] ? { value: undefined, rest: [] } : lead)),
    multikey,
    inner,
    paths,
  )
  for (const tuple of inner) tuples.push(tuple.map((value, i) => (settled[i] ? next[i]?.value : value)))
}

/** Whether a tuple value stands for an empty array. */
export function isEmptyArrayMark(value: unknown): boolean {
  return value === EMPTY
}
