import type { Document } from 'bson'
import { decode } from '../../bson/decode.ts'
import type { RawDocument } from '../../bson/types.ts'
import type { CommandError } from '../../errors.ts'
import { nearOrder, type NearOrder } from '../../geo/near.ts'
import { compileMatch } from '../../match/index.ts'
import type { Collator } from '../../values/collation.ts'
import { filterFields } from '../filter-fields.ts'
import { pointField } from './point-lookup.ts'

/** A compiled filter that reads no more of a stored document than it asks about. */
export interface Query {
  filter: Document
  collator: Collator | undefined
  /** No document is left out. */
  all: boolean
  /** The order that a $near in the filter asks for. */
  near?: NearOrder | undefined
  matches(bytes: RawDocument): boolean
  test(document: Document): boolean
}

export interface QueryOptions {
  collator?: Collator | undefined
  let?: Document | undefined
  now?: Date | undefined
  /** A $near in the filter is answered, by its order. */
  near?: boolean
  /** Why an operator that looks at the whole document may not stand in the filter. */
  refuse?: ((operator: string) => CommandError | undefined) | undefined
}

const everything = (): boolean => true

/** @throws CommandError for a malformed filter, whether or not any document is there */
export function compileQuery(filter: Document, options: QueryOptions): Query {
  const collator = options.collator
  if (Object.keys(filter).length === 0) return { filter, collator, all: true, matches: everything, test: everything }
  if (pointField(filter) !== undefined) return pointQuery(filter, options)
  let nears = 0
  const foundNear = options.near ? () => void nears++ : undefined
  const test = compileMatch(filter, { ...options, collation: collator, foundNear })
  const near = nears > 0 ? nearOrder(filter, nears) : undefined
  const fields = filterFields(filter)
  return { filter, collator, all: false, near, test, matches: (bytes) => test(decode(bytes, fields)) }
}

/** A filter that cannot be malformed is compiled when it is first needed: a lookup by a unique index never does. */
function pointQuery(filter: Document, { collator, ...options }: QueryOptions): Query {
  let compiled: ((document: Document) => boolean) | undefined
  let fields: ReadonlySet<string> | undefined
  const test = (document: Document): boolean =>
    (compiled ??= compileMatch(filter, { collation: collator, ...options }))(document)
  return {
    filter,
    collator,
    all: false,
    test,
    matches: (bytes) => test(decode(bytes, (fields ??= filterFields(filter)))),
  }
}
