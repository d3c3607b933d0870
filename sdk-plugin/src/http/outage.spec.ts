import { outageOf } from './outage.ts'

function named(name: string, members: object = {}): Error {
  return Object.assign(new Error('something'), { name }, members)
}

describe('an outage', () => {
  const reset = { code: 'ECONNRESET', syscall: 'write' }

  it.each([
    ['a server that cannot be selected', named('MongoServerSelectionError')],
    ['the same of mongoose', named('MongooseServerSelectionError')],
    ['a connection that timed out', named('MongoNetworkTimeoutError')],
    ['a question that nobody waits for any more', named('MongoOperationTimeoutError')],
    ['a primary that steps down', named('MongoServerError', { code: 11600 })],
    ['a disk that is full', named('MongoBulkWriteError', { code: 14031, errorResponse: { code: 14031 } })],
    ['a disk that is read-only, or failed', named('MongoServerError', { code: 371 })],
    ['a bulk write without an answer', named('MongoBulkWriteError', { errorResponse: named('MongoNetworkError') })],
    [
      'a write to a socket of the driver',
      named('Error', { ...reset, stack: 'at /x/mongodb/lib/cmap/connection.js:1' }),
    ],
  ])('is %s', (_what, error) => {
    expect(outageOf(error)).toBe('The database cannot be used at the moment.')
  })

  it.each([
    ['a duplicate key', named('MongoServerError', { code: 11000 })],
    ['a bulk write with a duplicate', named('MongoBulkWriteError', { code: 11000, errorResponse: { code: 11000 } })],
    ['a socket of somebody else', named('Error', { ...reset, stack: 'at /x/undici/lib/client.js:1' })],
    ['a value that mongoose refuses', named('MongooseError')],
  ])('is not %s', (_what, error) => {
    expect(outageOf(error)).toBeUndefined()
  })

  it('is a disk without room', () => {
    expect(outageOf(named('Error', { code: 'ENOSPC' }))).toBe('The server has no room for this at the moment.')
  })
})
