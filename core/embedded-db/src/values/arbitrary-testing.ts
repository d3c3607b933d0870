import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'

const near = 9007199254740992n

/** Numbers of all four types, many of them close to each other and to the limits of doubles. For specs. */
export const arbitraryNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((n) => new Int32(n)),
  fc.integer().map((n) => new Int32(n)),
  fc.double().map((n) => new Double(n)),
  fc.constantFrom(0.5, -0.5, 0, -0, 1, 2, Number.NaN, Infinity, -Infinity, 2 ** 53, 0.1).map((n) => new Double(n)),
  fc.bigInt({ min: near - 3n, max: near + 3n }).map((n) => Long.fromBigInt(n)),
  fc.integer({ min: -3, max: 3 }).map((n) => Long.fromInt(n)),
  fc
    .constantFrom(
      '0',
      '-0',
      '0.1',
      '0.10',
      '1',
      '1.0',
      '0.5',
      '9007199254740993',
      '1E+400',
      '-1E+400',
      '1E-400',
      'NaN',
      'Infinity',
      '-Infinity',
    )
    .map((text) => Decimal128.fromString(text)),
)

const scalar: fc.Arbitrary<unknown> = fc.oneof(
  arbitraryNumber,
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1F600}', '\uffee', '0'), maxLength: 3 }),
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: -5, max: 5 }).map((n) => new Date(n)),
  fc.integer({ min: 0, max: 3 }).map((n) => ObjectId.createFromHexString(n.toString(16).padStart(24, '0'))),
  fc.integer({ min: 0, max: 3 }).map((n) => new Timestamp({ t: n, i: 1 })),
  fc.uint8Array({ maxLength: 2 }).map((bytes) => new Binary(bytes)),
  fc.constantFrom(new BSONRegExp('a', 'i'), new BSONRegExp('a', ''), new MinKey(), new MaxKey()),
)

/** BSON values two levels deep, small enough that equal ones meet. For specs. */
export const arbitraryValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar, { maxKeys: 2 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.dictionary(fc.constantFrom('a', 'b'), scalar, { maxKeys: 2 }), { maxLength: 2 }),
  },
)
