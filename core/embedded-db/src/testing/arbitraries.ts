import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'

/** Numbers near each other across the four types: small ones, the edges of doubles and of 64 bits, and what only decimals can tell apart. */
const numbers = fc.oneof(
  fc.integer({ min: -3, max: 3 }).map((value) => new Int32(value)),
  fc.integer().map((value) => new Int32(value)),
  fc
    .oneof(
      fc.double(),
      fc.constantFrom(
        0,
        -0,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        2 ** 53,
        2 ** 63,
        5e-324,
        0.1,
        1.5,
      ),
    )
    .map((value) => new Double(value)),
  fc
    .oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.integer({ min: -4, max: 4 }).map((step) => 2n ** 53n + BigInt(step)),
      fc.integer({ min: -4, max: 4 }).map((step) => -(2n ** 53n) + BigInt(step)),
    )
    .map((value) => Long.fromBigInt(value)),
  fc
    .oneof(
      fc.constantFrom(
        '0',
        '-0',
        '0.1',
        '1E-400',
        '-1E-400',
        '1E+400',
        '-1E+400',
        '9007199254740993',
        '9007199254740992.5',
        '0.1000000000000000055511151231257827',
        'NaN',
        'Infinity',
        '-Infinity',
        '1.5',
        '100000000000000000000001',
        '1E+23',
        '99999999999999991611392',
      ),
      fc
        .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -30, max: 30 }))
        .map(([digits, exponent]) => `${digits}E${exponent}`),
    )
    .map((text) => Decimal128.fromStringWithRounding(text)),
)

const strings = fc.oneof(
  fc.constantFrom('', 'a', 'a\u0000', 'a\u0000b', 'ab', 'A', 'á', '\uffff', '😀', 'x'.repeat(40)),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('\u0000', '\u0001', 'a', 'b'), maxLength: 4 }),
)

const scalars = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: strings },
  fc.constantFrom(null, true, false, new MinKey(), new MaxKey()),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
  fc.integer({ min: -(10 ** 12), max: 10 ** 12 }).map((time) => new Date(time)),
  fc.tuple(fc.nat(5), fc.nat(5)).map(([t, i]) => new Timestamp({ t, i })),
  fc.tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 5, 128)).map(([bytes, type]) => new Binary(bytes, type)),
  fc
    .tuple(fc.constantFrom('a', 'b', '^a'), fc.constantFrom('', 'i'))
    .map(([pattern, flags]) => new BSONRegExp(pattern, flags)),
)

/** Any BSON value that MongoDB lets into an index, nested up to two levels. */
export const bsonValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 6, arbitrary: scalars },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'é'), tie('value'), { maxKeys: 3 }),
  ),
})).value
