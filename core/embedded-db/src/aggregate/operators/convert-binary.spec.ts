import { Binary, UUID } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

const text = '867dee52-c331-484e-92d1-c56479b8e67e'
const encoded = 'hn3uUsMxSE6S0cVkebjmfg=='
const uuid = new UUID(text)
const bytes = new Binary(Buffer.from(encoded, 'base64'), 0)
const convert = (input: unknown, to: unknown, format?: unknown): unknown => ({
  $convert: { input, to, ...(format !== undefined && { format }) },
})
const binary = (subtype: unknown): unknown => ({ type: 'binData', subtype })

describe('$convert of binary data', () => {
  it.each<[unknown, unknown, string | undefined, string]>([
    [bytes, 'string', 'hex', '"867DEE52C331484E92D1C56479B8E67E"'],
    [bytes, 'string', 'base64url', '"hn3uUsMxSE6S0cVkebjmfg"'],
    [bytes, 'string', 'auto', `"${encoded}"`],
    [uuid, 'string', 'auto', `"${text}"`],
    [uuid, 'string', 'base64', `"${encoded}"`],
    [bytes, 'binData', undefined, `{"$binary":{"base64":"${encoded}","subType":"00"}}`],
    [text, binary(4), 'uuid', `{"$binary":{"base64":"${encoded}","subType":"04"}}`],
    ['hn3uUsMxSE6S0cVkebjmfg', binary(0), 'base64url', `{"$binary":{"base64":"${encoded}","subType":"00"}}`],
  ])('%s to %j by %s gives %s', (input, to, format, expected) => {
    const given = evaluate(convert('$input', to, format), { input }, true)
    expect(given).toBe(expected.startsWith('{') ? JSON.stringify(JSON.parse(expected)) : expected)
  })

  it.each<[unknown, unknown, unknown, number]>([
    [text, binary(0), 'uuid', 241],
    [encoded, binary(4), 'base64', 241],
    ['867dee--52-c331-484e-', binary(0), 'base64', 241],
    ['867dee--52-c331-484e-', binary(0), 'base64url', 241],
    ['zx', binary(0), 'hex', 241],
    [encoded, binary(0), 'auto', 241],
    [uuid, binary(0), undefined, 241],
    [bytes, binary(4), undefined, 241],
    [bytes, 'string', 'uuid', 241],
    [encoded, binary(-1), 'base64', 4341107],
    [encoded, binary(127), 'base64', 4341107],
    [encoded, binary('x'), 'base64', 4341108],
    [encoded, 'binData', undefined, 4341115],
    [bytes, 'string', undefined, 4341115],
    [encoded, 'binData', 3, 4341114],
    [encoded, 'binData', 'nope', 4341125],
    [1, true, undefined, 9],
  ])('%s to %j by %s fails with %d', (input, to, format, code) => {
    expect(() => evaluate(convert('$input', to, format), { input })).toThrow(expect.objectContaining({ code }))
  })

  it('leaves to onError what does not convert, and no wrong argument', () => {
    expect(evaluate({ $convert: { input: 'zx', to: 'binData', format: 'hex', onError: 'no' } })).toBe('"no"')
    expect(() => evaluate({ $convert: { input: 'zx', to: 'binData', format: 'x', onError: 'no' } })).toThrow(
      expect.objectContaining({ code: 4341125 }),
    )
  })
})
