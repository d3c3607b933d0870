import { DataSizeWatch } from './data-size.ts'

describe('the watch of the data file', () => {
  it('warns once before the stated size, and once when it is reached', () => {
    const told: string[] = []
    let size = 10
    const watch = new DataSizeWatch({ fileSize: () => size * 2 ** 20 }, (message) => told.push(message), 100 * 2 ** 20)
    const states = [10, 74, 75, 99, 100, 120].map((megabytes) => {
      size = megabytes
      watch.check()
      watch.check()
      return watch.now().state
    })
    expect(states).toEqual(['ok', 'ok', 'near', 'near', 'over', 'over'])
    expect(told).toEqual([
      expect.stringMatching(/^the data file has 75 MB of the 100 MB .*prepare the move to MongoDB/),
      expect.stringMatching(/^the data file has 100 MB, more than the 100 MB .*move to MongoDB/),
    ])
  })
})
