import { Decimal128, type Document, Double, Long } from 'bson'
import { relaxed, typed } from '../values/typed-testing.ts'
import { compileJsonSchema, explainSchema, explainValidator } from './index.ts'

describe('compileJsonSchema', () => {
  it.each<[Document, Document, boolean]>([
    [{ properties: { a: { bsonType: 'int' } } }, { a: 1 }, true],
    [{ properties: { a: { bsonType: 'int' } } }, { a: new Double(1) }, false],
    [{ properties: { a: { bsonType: ['int', 'null'] } } }, { a: null }, true],
    [{ properties: { a: { type: 'number' } } }, { a: Long.fromNumber(1) }, true],
    [{ properties: { a: { bsonType: 'int' } } }, {}, true],
    [{ required: ['a'] }, { b: 1 }, false],
    [{ properties: { a: { minimum: 1, maximum: 3, exclusiveMaximum: true } } }, { a: 3 }, false],
    [{ properties: { a: { minimum: 1 } } }, { a: 'x' }, true],
    [{ properties: { a: { multipleOf: 0.1 } } }, { a: Decimal128.fromString('0.3') }, true],
    [{ properties: { a: { minLength: 2, maxLength: 3, pattern: '^x' } } }, { a: 'xyz' }, true],
    [{ properties: { a: { maxLength: 1 } } }, { a: '\u{1F600}' }, true],
    [{ properties: { a: { enum: ['x', null, 1] } } }, { a: Long.fromNumber(1) }, true],
    [{ properties: { a: { enum: ['x'] } } }, { a: 'y' }, false],
    [{ properties: { a: { enum: [{ x: 1, y: [{ p: 1, q: 2 }] }] } } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }, true],
    [{ properties: { a: { enum: [[1, 2]] } } }, { a: [2, 1] }, false],
    [{ properties: { a: { items: { bsonType: 'string' }, minItems: 1 } } }, { a: ['x', 1] }, false],
    [{ properties: { a: { items: [{ bsonType: 'string' }], additionalItems: false } } }, { a: ['x', 1] }, false],
    [{ properties: { a: { uniqueItems: true } } }, { a: [1, 2, new Double(1)] }, false],
    [
      { properties: { a: { uniqueItems: true } } },
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
      false,
    ],
    [
      { additionalProperties: false, properties: { _id: {}, a: {} }, patternProperties: { '^x_': {} } },
      { _id: 1, a: 1, x_1: 1 },
      true,
    ],
    [{ additionalProperties: false, properties: { a: {} } }, { a: 1, b: 1 }, false],
    [{ patternProperties: { '^n': { bsonType: 'int' } } }, { n1: 'x' }, false],
    [{ minProperties: 2 }, { a: 1 }, false],
    [{ dependencies: { a: ['b'] } }, { a: 1 }, false],
    [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { b: 1 }, true],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, false],
    [{ not: { required: ['a'] } }, { a: 1 }, false],
    [{ properties: { a: { bsonType: 'object', properties: { b: { bsonType: 'bool' } } } } }, { a: { b: 1 } }, false],
  ])('%j on %j is %s', (schema, document, expected) => {
    expect(compileJsonSchema(typed(schema))(typed(document))).toBe(expected)
  })

  it.each<[Document, number, string]>([
    [{ nope: 1 }, 9, 'Unknown $jsonSchema keyword: nope'],
    [{ $ref: '#/x' }, 9, "'$ref' is not currently supported"],
    [{ properties: { a: { type: 'integer' } } }, 9, "type 'integer' is not currently supported"],
    [{ properties: { a: { type: 'string', bsonType: 'string' } } }, 9, 'Cannot specify both'],
    [{ required: [] }, 9, 'non-empty array'],
    [{ properties: { a: { minLength: -1 } } }, 9, 'non-negative integer'],
    [{ properties: { a: { minLength: '1' } } }, 14, 'must be a number'],
    [{ required: 'a' }, 14, 'non-empty array of strings'],
    [{ required: ['a', 'a'] }, 9, 'duplicate'],
    [{ dependencies: { a: ['b', 'b'] } }, 9, 'duplicate'],
    [{ properties: { a: { type: 'nope' } } }, 2, 'Unknown type name alias: nope'],
    [{ properties: { a: { type: ['string', 'string'] } } }, 9, 'duplicate'],
    [{ properties: { a: { enum: 'x' } } }, 14, 'must be an array'],
    [
      {
        properties: {
          a: {
            enum: [
              { a: 1, b: 2 },
              { b: 2, a: 1 },
            ],
          },
        },
      },
      9,
      'duplicate',
    ],
  ])('refuses %j', (schema, code, message) => {
    expect(() => compileJsonSchema(typed(schema))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })
})

describe('the details of error 121', () => {
  it('name the rules and properties that are not satisfied, as MongoDB does', () => {
    const schema = typed({
      required: ['name', 'year'],
      properties: { year: { bsonType: 'int', minimum: 2017, description: 'must be an integer' } },
    })
    expect(relaxed(explainSchema(schema, typed({ year: 2000 })))).toBe(
      '{"operatorName":"$jsonSchema","schemaRulesNotSatisfied":[' +
        '{"operatorName":"required","specifiedAs":{"required":["name","year"]},"missingProperties":["name"]},' +
        '{"operatorName":"properties","propertiesNotSatisfied":[{"propertyName":"year","description":"must be an integer","details":[' +
        '{"operatorName":"minimum","specifiedAs":{"minimum":2017},"reason":"comparison failed","consideredValue":2000}]}]}]}',
    )
  })

  it('name the type considered', () => {
    expect(explainSchema(typed({ properties: { a: { bsonType: 'string' } } }), typed({ a: 1 }))).toMatchObject({
      schemaRulesNotSatisfied: [
        {
          propertiesNotSatisfied: [
            { details: [{ operatorName: 'bsonType', reason: 'type did not match', consideredType: 'int' }] },
          ],
        },
      ],
    })
  })

  it('explain query expressions', () => {
    expect(relaxed(explainValidator(typed({ a: { $gt: 5 } }), typed({ a: 3 })))).toBe(
      '{"operatorName":"$gt","specifiedAs":{"a":{"$gt":5}},"reason":"comparison failed","consideredValue":3}',
    )
    expect(explainValidator(typed({ $expr: { $gt: ['$a', '$b'] } }), typed({ a: 1, b: 2 }))).toMatchObject({
      reason: 'expression did not match',
      expressionResult: false,
    })
    expect(explainValidator(typed({ a: 1, b: 1 }), typed({}))).toMatchObject({
      operatorName: '$and',
      clausesNotSatisfied: [{ details: { reason: 'field was missing' } }, {}],
    })
  })
})
