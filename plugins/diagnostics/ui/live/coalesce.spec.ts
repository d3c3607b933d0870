import { createCoalescer } from './coalesce.ts'

describe('createCoalescer', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  it('hands over the first at once and the rest together, once per interval', () => {
    const flushed: number[][] = []
    const coalescer = createCoalescer<number>(1000, (items) => flushed.push(items))
    for (const item of [1, 2, 3]) coalescer.push(item)
    expect(flushed).toEqual([[1]])
    jest.advanceTimersByTime(1000)
    expect(flushed).toEqual([[1], [2, 3]])
    jest.advanceTimersByTime(5000)
    coalescer.push(4)
    expect(flushed).toEqual([[1], [2, 3], [4]])
    coalescer.dispose()
  })

  it('keeps everything while paused and hands it over on resume', () => {
    const flushed: number[][] = []
    const coalescer = createCoalescer<number>(1000, (items) => flushed.push(items))
    coalescer.pause()
    coalescer.push(1)
    coalescer.push(2)
    jest.advanceTimersByTime(5000)
    expect([flushed, coalescer.waiting]).toEqual([[], 2])
    coalescer.resume()
    expect([flushed, coalescer.waiting]).toEqual([[[1, 2]], 0])
    coalescer.dispose()
  })
})
