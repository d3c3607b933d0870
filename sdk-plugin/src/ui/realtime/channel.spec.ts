import { acknowledge, isAfter, newChannelState, receive } from './channel.ts'

const channel = { topic: 'metrics', region: 'br', key: 's1' }

function watched() {
  const state = newChannelState(channel)
  const calls: string[] = []
  state.listeners.add({
    message: ({ id }) => calls.push(id),
    resync: () => calls.push('resync'),
    joined: () => calls.push('joined'),
    denied: (code) => calls.push(`denied ${code}`),
  })
  return { state, calls }
}

test('numbers are compared as numbers, and another epoch is always new', () => {
  expect(isAfter('e-10', 'e-9')).toBe(true)
  expect(isAfter('e-9', 'e-9')).toBe(false)
  expect(isAfter('f-1', 'e-9')).toBe(true)
  expect(isAfter('a-b-2', 'a-b-1')).toBe(true)
})

test('a message that came by replay and live is heard once', () => {
  const { state, calls } = watched()
  for (const id of ['e-1', 'e-2', 'e-2', 'e-1', 'e-3']) receive(state, { id, payload: null })
  expect(calls).toEqual(['e-1', 'e-2', 'e-3'])
})

test('the first join never asks for a refetch', () => {
  const { state, calls } = watched()
  acknowledge(state, { ok: true, latest: null })
  expect(calls).toEqual(['joined'])
})

test('a rejoin without an id to replay from does', () => {
  const { state, calls } = watched()
  acknowledge(state, { ok: true, latest: null })
  acknowledge(state, { ok: true, latest: null })
  expect(calls).toEqual(['joined', 'joined', 'resync'])
})

test('after a resync the new epoch counts', () => {
  const { state, calls } = watched()
  acknowledge(state, { ok: true, latest: 'e-5' })
  acknowledge(state, { ok: true, latest: 'f-2', resync: true })
  receive(state, { id: 'f-2', payload: null })
  receive(state, { id: 'f-3', payload: null })
  expect(calls).toEqual(['joined', 'joined', 'resync', 'f-3'])
})

test('a refusal is told and is not a join', () => {
  const { state, calls } = watched()
  acknowledge(state, { ok: false, code: 'forbidden' })
  expect([calls, state.joined]).toEqual([['denied forbidden'], false])
})
