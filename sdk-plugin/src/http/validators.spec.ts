import { Problem } from '../backend/problem.ts'
import { compileCheck, Validators } from './validators.ts'

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['limit'],
  properties: { limit: { type: 'integer', minimum: 1, maximum: 20 }, q: { type: 'string' } },
}

describe('compileCheck', () => {
  it('coerces texts of a query, and never of a body', () => {
    expect(compileCheck(schema, 'query')({ limit: '7' })).toEqual({ limit: 7 })
    expect(() => compileCheck(schema, 'body')({ limit: '7' })).toThrow(Problem)
  })

  it('names the place and the rule, never the value', () => {
    const secret = { limit: 1, q: { $gt: 'secret value' } }
    const thrown = expect.objectContaining({
      status: 400,
      code: 'invalid_request',
      options: { errors: [expect.objectContaining({ pointer: '/q', code: 'type' })] },
    })
    try {
      compileCheck(schema, 'body')(secret)
      throw new Error('not refused')
    } catch (error) {
      expect(error).toEqual(thrown)
      expect(JSON.stringify(error)).not.toContain('secret value')
    }
  })

  it('refuses a member that is not known', () => {
    expect(() => compileCheck(schema, 'body')({ limit: 1, admin: true })).toThrow(Problem)
  })
})

describe('Validators', () => {
  const open = { type: 'object', additionalProperties: false, properties: { inner: { type: 'object' } } }

  it('refuse a schema that lets unknown fields in anywhere, and say where', () => {
    expect(() => new Validators().compile(open, 'body', 'POST /things')).toThrow(
      'The body schema of POST /things accepts unknown fields at "/properties/inner".',
    )
  })

  it('name each of several mistakes, and at most twenty', () => {
    const list = { type: 'array', items: { type: 'integer' } }
    const check = new Validators().compile(list, 'body', 'POST /things')
    const errorsOf = (input: unknown) => {
      try {
        check(input)
      } catch (error) {
        return (error as Problem).options.errors ?? []
      }
      return []
    }
    expect(errorsOf(['a', 1, 'b']).map(({ pointer }) => pointer)).toEqual(['/0', '/2'])
    expect(errorsOf(Array.from({ length: 30 }, () => 'x'))).toHaveLength(20)
  })
})
