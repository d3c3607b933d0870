import { contextProblem } from './context-problem.ts'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'lines'],
  properties: {
    id: { type: 'string', pattern: '^c_' },
    lines: { type: 'array', items: { type: 'object', properties: { status: { enum: ['on', 'off'] } } } },
  },
}
const good = { id: 'c_1', lines: [{ status: 'on' }] }

describe('what is wrong with a context', () => {
  it('is nothing when it keeps the schema, with functions beside the data, or where no schema is published', () => {
    expect(contextProblem(schema, { ...good, close: () => undefined })).toBeUndefined()
    expect(contextProblem(undefined, 'anything')).toBeUndefined()
  })

  it.each<[object | undefined, RegExp]>([
    [{ ...good, id: 'x' }, /^\/id: /],
    [{ id: 'c_1' }, /^\/: .*lines/],
    [{ ...good, name: 'Ana' }, /name/],
    [{ ...good, lines: [{ status: 'on' }, { status: 'gone' }] }, /^\/lines\/1\/status: /],
    [undefined, /^It is no object/],
  ])('is said of %j by where it is', (context, expected) => {
    expect(contextProblem(schema, context)).toMatch(expected)
  })

  it('never repeats a value, which may be a person’s', () => {
    expect(contextProblem(schema, { ...good, id: 'Ana Torres' })).not.toContain('Ana')
  })

  it('is said of what cannot be copied, too', () => {
    const turning: Record<string, unknown> = { ...good }
    turning['self'] = turning
    expect(contextProblem(schema, turning)).toContain('no data')
  })
})
