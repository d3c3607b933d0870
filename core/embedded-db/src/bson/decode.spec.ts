import { BSONRegExp, serialize } from 'bson'
import { decode } from './decode.ts'

describe('decode', () => {
  it('reads a regular expression whose options no driver would send, so that it cannot spoil its collection', () => {
    const bytes = Buffer.from(serialize({ r: new BSONRegExp('b', 'i') }))
    bytes[bytes.indexOf('i\0')] = 'q'.charCodeAt(0)
    expect(decode(bytes).r).toMatchObject({ pattern: 'b', options: 'q' })
  })
})
