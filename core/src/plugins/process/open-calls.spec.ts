import { Cancellation } from '@dcesop/sdk-plugin/http'
import { testIdentity } from '@dcesop/sdk-plugin/testing'
import type { Call } from '../generation/call.ts'
import { OpenCalls } from './open-calls.ts'

const identity = testIdentity([])
const asked = { identity, traceId: 'a', address: '192.0.2.1' }

function ended(): OpenCalls {
  const calls = new OpenCalls()
  const call: Call = { ...asked, cancellation: new Cancellation() }
  calls.add(call)
  calls.end('a')
  return calls
}

it('keeps of a request who asked, and not the request itself', () => {
  expect(ended().find('a')).toStrictEqual(asked)
})

it('means the same request before its end and after it, so that what is counted goes on', () => {
  const calls = new OpenCalls()
  calls.add(asked)
  const open = calls.find('a')
  calls.end('a')
  expect(calls.find('a')).toBe(open)
})

it('knows a request for thirty turns after its end, and one that is open for as long as it is', () => {
  const calls = ended()
  calls.add({ ...asked, traceId: 'b' })
  for (let turns = 1; turns < 30; turns += 1) calls.turn()
  expect(calls.find('a')).toBeDefined()
  calls.turn()
  expect([calls.find('a'), calls.find('b')?.traceId]).toEqual([undefined, 'b'])
})
