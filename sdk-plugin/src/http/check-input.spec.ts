import { Problem } from '../backend/problem.ts'
import { compileCheck } from './check-input.ts'

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
