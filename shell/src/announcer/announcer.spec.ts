import { createAnnouncer } from './announcer.ts'

describe('announcer', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  function spoken() {
    const said: string[] = []
    return { said, announcer: createAnnouncer((priority, text) => void said.push(`${priority}: ${text}`)) }
  }

  it('says a first message at once and what follows in digests five seconds apart', () => {
    const { said, announcer } = spoken()
    announcer.announce('one')
    jest.advanceTimersByTime(0)
    announcer.announce('two')
    announcer.announce('three')
    jest.advanceTimersByTime(4_999)
    expect(said).toEqual(['polite: one'])
    jest.advanceTimersByTime(1)
    expect(said).toEqual(['polite: one', 'polite: two three'])
  })

  it('says of a key only the newest', () => {
    const { said, announcer } = spoken()
    for (let count = 1; count <= 9; count += 1) announcer.announce(`${count} new`, { key: 'new' })
    jest.advanceTimersByTime(0)
    expect(said).toEqual(['polite: 9 new'])
  })

  it('says at most three times something during ten seconds of a thousand events', () => {
    const { said, announcer } = spoken()
    for (let event = 0; event < 1_000; event += 1) {
      announcer.announce(`event ${event}`)
      jest.advanceTimersByTime(10)
    }
    expect(said.length).toBeLessThanOrEqual(3)
    expect(said.at(-1)?.match(/event/g)).toHaveLength(4)
  })

  it('says what is urgent at once, and not again in the digest', () => {
    const { said, announcer } = spoken()
    announcer.announce('failed', { key: 'save' })
    announcer.announce('failed for good', { key: 'save', priority: 'assertive' })
    jest.advanceTimersByTime(60_000)
    expect(said).toEqual(['assertive: failed for good'])
  })
})
