import * as fc from 'fast-check'
import type { Problem } from '../backend/problem.ts'
import { parseStrictJson } from './strict-json.ts'

function codeOf(body: string | Uint8Array): string {
  try {
    parseStrictJson(body)
    return 'accepted'
  } catch (error) {
    return (error as Problem).code
  }
}

describe('parseStrictJson', () => {
  it('reads what JSON.parse reads, for any value without repeated or forbidden names', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        fc.pre(!text.includes('__proto__'))
        expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', 'duplicate_key'],
    ['{"x":{"a":1,"b":[{"c":1,"c":2}]}}', 'duplicate_key'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['{"__proto__":{}}', 'forbidden_key'],
    ['{"a":', 'malformed_json'],
    ['', 'malformed_json'],
    [`${'['.repeat(201)}${']'.repeat(201)}`, 'malformed_json'],
    [`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'malformed_json'],
    [`${'['.repeat(200)}"[[{"${']'.repeat(200)}`, 'accepted'],
    ['{"a":"b:c","b":"a"}', 'accepted'],
    ['[{"a":1},{"a":2}]', 'accepted'],
    ['{"a":{"a":{"a":1}}}', 'accepted'],
  ])('answers %s with %s', (body, code) => {
    expect(codeOf(body)).toBe(code)
  })

  it.each([
    ['plain', 'k'],
    ['escaped', '\\"'],
    ['of backslashes', '\\\\'],
  ])('reads a string of megabytes that is %s', (_what, part) => {
    const long = part.repeat(20_000_000 / part.length)
    expect(codeOf(`{"a":"${long}","b":{"a":1}}`)).toBe('accepted')
    expect(codeOf(`{"a":"${long}","a":1}`)).toBe('duplicate_key')
  })

  it('refuses broken UTF-8', () => {
    expect(codeOf(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))).toBe('malformed_encoding')
  })
})
