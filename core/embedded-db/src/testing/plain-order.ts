import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'

/** A number as an exact fraction, or what no fraction is. */
type Exact = { over: bigint; under: bigint } | 'NaN' | 'Infinity' | '-Infinity'

/** The order of BSON values written out from the manual, with fractions instead of floating point; only for tests. */
export function plainOrder(a: unknown, b: unknown): number {
  const types = rank(a) - rank(b)
  if (types !== 0) return types
  if (isNumber(a)) return orderNumbers(exact(a), exact(b))
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  if (typeof a === 'boolean' || a instanceof Date) return Number(a) - Number(b)
  if (a instanceof ObjectId) return Buffer.compare(Buffer.from(a.id), Buffer.from((b as ObjectId).id))
  if (a instanceof Timestamp)
    return Number(BigInt.asUintN(64, a.toBigInt()) - BigInt.asUintN(64, (b as Timestamp).toBigInt()))
  if (a instanceof Binary) return orderBinaries(a, b as Binary)
  if (a instanceof BSONRegExp) return orderRegexes(a, b as BSONRegExp)
  if (Array.isArray(a)) return orderFields(Object.entries(a), Object.entries(b as unknown[]))
  if (rank(a) === RANKS.object) return orderFields(Object.entries(a as object), Object.entries(b as object))
  return 0
}

const RANKS = {
  null: 1,
  number: 2,
  string: 3,
  object: 4,
  array: 5,
  binary: 6,
  id: 7,
  bool: 8,
  date: 9,
  timestamp: 10,
  regex: 11,
}

function isNumber(value: unknown): boolean {
  return value instanceof Int32 || value instanceof Double || value instanceof Decimal128 || isLong(value)
}

const isLong = (value: unknown): value is Long => value instanceof Long && !(value instanceof Timestamp)

function rank(value: unknown): number {
  if (value instanceof MinKey) return 0
  if (value instanceof MaxKey) return 99
  if (value === null) return RANKS.null
  if (isNumber(value)) return RANKS.number
  if (typeof value === 'string') return RANKS.string
  if (Array.isArray(value)) return RANKS.array
  if (value instanceof Binary) return RANKS.binary
  if (value instanceof ObjectId) return RANKS.id
  if (typeof value === 'boolean') return RANKS.bool
  if (value instanceof Date) return RANKS.date
  if (value instanceof Timestamp) return RANKS.timestamp
  return value instanceof BSONRegExp ? RANKS.regex : RANKS.object
}

/** The type of the value first, then the name, then the value; what ends first comes first. */
function orderFields(a: [string, unknown][], b: [string, unknown][]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [nameA, valueA] = a[i] as [string, unknown]
    const [nameB, valueB] = b[i] as [string, unknown]
    const one = rank(valueA) - rank(valueB) || plainOrder(nameA, nameB) || plainOrder(valueA, valueB)
    if (one !== 0) return one
  }
  return a.length - b.length
}

function orderBinaries(a: Binary, b: Binary): number {
  return (
    a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(Buffer.from(a.value()), Buffer.from(b.value()))
  )
}

const orderRegexes = (a: BSONRegExp, b: BSONRegExp): number =>
  plainOrder(a.pattern, b.pattern) || plainOrder(a.options, b.options)

function orderNumbers(a: Exact, b: Exact): number {
  const place = (value: Exact): number =>
    value === 'NaN' ? 0 : value === '-Infinity' ? 1 : value === 'Infinity' ? 3 : 2
  if (typeof a === 'string' || typeof b === 'string') return place(a) - place(b)
  const difference = a.over * b.under - b.over * a.under
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

function exact(value: unknown): Exact {
  if (value instanceof Int32) return { over: BigInt(value.value), under: 1n }
  if (value instanceof Double) return ofDouble(value.value)
  return isLong(value) ? { over: value.toBigInt(), under: 1n } : ofDecimal((value as Decimal128).toString())
}

function ofDouble(value: number): Exact {
  if (!Number.isFinite(value)) return String(value) as Exact
  // Doubling is exact, and in the end it leaves a whole number.
  let under = 1n
  let whole = value
  while (!Number.isInteger(whole)) {
    whole *= 2
    under *= 2n
  }
  return { over: BigInt(whole), under }
}

function ofDecimal(text: string): Exact {
  const parts = /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i.exec(text)
  if (!parts) return text as Exact
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const power = Number(exponent) - fraction.length
  return power >= 0
    ? { over: digits * 10n ** BigInt(power), under: 1n }
    : { over: digits, under: 10n ** BigInt(-power) }
}
