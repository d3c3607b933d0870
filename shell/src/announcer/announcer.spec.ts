import { type AnnouncementLevel, createAnnouncer } from './announcer.ts'

describe('announcer', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  function spoken(level?: () => AnnouncementLevel) {
    const said: string[] = []
    return { said, announcer: createAnnouncer((priority, text) => void said.push(`${priority}: ${text}`), level) }
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

  it.each(['polite', 'assertive'] as const)(
    'says at most three times something during ten seconds of a thousand %s events',
    (priority) => {
      const { said, announcer } = spoken()
      for (let event = 0; event < 1_000; event += 1) {
        announcer.announce(`event ${event}`, { priority })
        jest.advanceTimersByTime(10)
      }
      expect(said.length).toBeLessThanOrEqual(3)
      expect(said.at(-1)?.match(/event/g)).toHaveLength(4)
    },
  )

  it('says what is urgent at once beside what is polite', () => {
    const { said, announcer } = spoken()
    announcer.announce('saved')
    jest.advanceTimersByTime(1_000)
    announcer.announce('failed', { priority: 'assertive' })
    jest.advanceTimersByTime(0)
    expect(said).toEqual(['polite: saved', 'assertive: failed'])
  })

  it.each([
    ['all', ['polite: saved', 'assertive: failed']],
    ['critical', ['assertive: failed']],
    ['none', []],
  ] as const)('says to who wants to hear %s: %j', (level, expected) => {
    const { said, announcer } = spoken(() => level)
    announcer.announce('saved')
    announcer.announce('failed', { priority: 'assertive' })
    jest.advanceTimersByTime(60_000)
    expect(said).toEqual(expected)
  })

  it('says what is urgent at once, and not again in the digest', () => {
    const { said, announcer } = spoken()
    announcer.announce('failed', { key: 'save' })
    announcer.announce('failed for good', { key: 'save', priority: 'assertive' })
    jest.advanceTimersByTime(60_000)
    expect(said).toEqual(['assertive: failed for good'])
  })
})
