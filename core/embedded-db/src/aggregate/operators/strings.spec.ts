import { BSONRegExp } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

describe('string expressions', () => {
  it.each<[unknown, string]>([
    [{ $concat: ['a', 'b', 'c'] }, '"abc"'],
    [{ $concat: ['a', null] }, 'null'],
    [{ $toUpper: 'aé' }, '"Aé"'],
    [{ $toLower: null }, '""'],
    [{ $substrCP: ['héllo', 1, 3] }, '"éll"'],
    [{ $substrBytes: ['héllo', 1, 2] }, '"é"'],
    [{ $substr: ['hello', 2, -1] }, '"llo"'],
    [{ $strLenBytes: 'é' }, '2'],
    [{ $strLenCP: '\u{1F600}a' }, '2'],
    [{ $strcasecmp: ['a', 'B'] }, '-1'],
    [{ $indexOfBytes: ['cafétéria', 't'] }, '5'],
    [{ $indexOfCP: ['cafétéria', 't'] }, '4'],
    [{ $indexOfCP: ['abcabc', 'c', 3] }, '5'],
    [{ $indexOfCP: ['abc', 'z'] }, '-1'],
    [{ $indexOfCP: [null, 'z'] }, 'null'],
    [{ $split: ['a-b-', '-'] }, '["a","b",""]'],
    [{ $trim: { input: ' \n a \u2003' } }, '"a"'],
    [{ $ltrim: { input: 'xyxa', chars: 'xy' } }, '"a"'],
    [{ $rtrim: { input: 'axx', chars: 'x' } }, '"a"'],
    [{ $replaceOne: { input: 'a.a', find: 'a', replacement: { $literal: '$&' } } }, '"$&.a"'],
    [{ $replaceAll: { input: 'a.a', find: 'a', replacement: 'b' } }, '"b.b"'],
    [{ $regexMatch: { input: 'Hello', regex: 'h', options: 'i' } }, 'true'],
    [
      { $regexFind: { input: '\u{1F600}ab', regex: new BSONRegExp('(a)(x)?', '') } },
      '{"match":"a","idx":1,"captures":["a",null]}',
    ],
    [
      { $regexFindAll: { input: 'a1b2', regex: '[a-z]' } },
      '[{"match":"a","idx":0,"captures":[]},{"match":"b","idx":2,"captures":[]}]',
    ],
    [{ $regexFind: { input: null, regex: 'a' } }, 'null'],
  ])('%j', (expression, expected) => {
    expect(evaluate(expression)).toBe(expected)
  })

  it.each<[unknown, number, string]>([
    [{ $concat: ['a', 1] }, 16702, '$concat only supports strings, not int'],
    [{ $substrBytes: ['é', 1, 1] }, 28656, 'continuation byte'],
    [{ $split: ['a', ''] }, 40087, 'non-empty separator'],
    [{ $strLenCP: 1 }, 34471, 'requires a string argument'],
    [{ $trim: { input: 1 } }, 50699, 'requires its input to be a string'],
    [{ $regexMatch: { input: 1, regex: 'a' } }, 51104, "needs 'input' to be of type string"],
    [{ $trim: { chars: 'x' } }, 50695, "Missing 'input' parameter"],
  ])('%j fails with %i', (expression, code, message) => {
    expect(() => evaluate(expression)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })
})
