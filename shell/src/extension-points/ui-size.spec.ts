import { addFiles, loadedSize } from './ui-size.ts'

const loaded = (file: string, encodedBodySize: number, base = '/ui/offers/1.0.0-00000000/') => ({
  name: `https://console.example${base}${file}`,
  encodedBodySize,
})
function sizeOf(...timings: ReturnType<typeof loaded>[]) {
  const files = new Map<string, number>()
  addFiles(files, timings)
  return loadedSize('/ui/offers/1.0.0-00000000/', files)
}

describe('what a plugin’s screens weigh', () => {
  it('counts its scripts and styles once each, and nothing of others or of other versions', () => {
    const size = sizeOf(
      loaded('remoteEntry.js', 8_000),
      loaded('a.js', 500),
      loaded('a.js', 0),
      loaded('a.css', 100),
      loaded('locales/en.json', 900),
      loaded('a.js', 700, '/ui/offers/1.0.1-11111111/'),
    )
    expect(size).toEqual({ entryBytes: 8_000, totalBytes: 8_600, overBudget: false })
  })

  it('is over the budget with a heavy entry, and with many chunks', () => {
    expect(sizeOf(loaded('remoteEntry.js', 17_000)).overBudget).toBe(true)
    expect(sizeOf(loaded('remoteEntry.js', 8_000), loaded('b.js', 260_000)).overBudget).toBe(true)
  })
})
