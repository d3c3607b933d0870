import { CommandError } from '../errors.ts'
import { Interrupt } from './interrupt.ts'

const codeOf = (error: unknown): unknown => (error instanceof CommandError ? error.code : error)
const never = new Promise<void>(() => undefined)

describe('what ends an operation before its time', () => {
  it('ends a wait at its limit, also when the timer of it fires early, as one in hundreds does', async () => {
    const timer = setTimeout
    const early = jest.spyOn(globalThis, 'setTimeout').mockImplementationOnce((fire) => timer(fire, 1))
    expect(await new Interrupt(20).until(never).then(() => 'went on', codeOf)).toBe(50)
    early.mockRestore()
  })

  it('ends a wait when it is abandoned, also a later one, and nothing else', async () => {
    const interrupt = new Interrupt(60_000)
    const waiting = interrupt.until(never)
    interrupt.abandon(new CommandError(279, 'ClientDisconnect', 'the client has closed its connection'))
    interrupt.check()
    expect(await waiting.catch(codeOf)).toBe(279)
    expect(await interrupt.until(never).catch(codeOf)).toBe(279)
  })

  it('goes on with the event, and ends with a kill', async () => {
    const event = Promise.withResolvers<void>()
    const waiting = new Interrupt(undefined).until(event.promise)
    event.resolve()
    await waiting
    const killed = new Interrupt(60_000)
    const wait = killed.until(never)
    killed.kill(new CommandError(11601, 'Interrupted', 'operation was interrupted'))
    expect(await wait.catch(codeOf)).toBe(11601)
  })
})
