import { createIntegrityRegistry } from './integrity-registry.ts'

const hash = (letter: string) => `sha384-${letter.repeat(64)}`

describe('integrity registry', () => {
  const registry = () => createIntegrityRegistry('https://console.example')

  it('answers for a file below its base, whether asked relatively or absolutely', () => {
    const files = registry()
    files.add('/ui/customers/1.0.0-abcd/', { 'remoteEntry.js': hash('a'), 'chunks/1.js': hash('b') })
    expect(files.of('https://console.example/ui/customers/1.0.0-abcd/remoteEntry.js')).toBe(hash('a'))
    expect(files.of('/ui/customers/1.0.0-abcd/chunks/1.js')).toBe(hash('b'))
  })

  it('throws for a file that nobody vouched for, also of another origin', () => {
    const files = registry()
    files.add('/ui/a/1/', { 'remoteEntry.js': hash('a') })
    expect(() => files.of('/ui/a/1/evil.js')).toThrow('/ui/a/1/evil.js is not in the signed feed')
    expect(() => files.of('https://evil.example/ui/a/1/remoteEntry.js')).toThrow('not in the signed feed')
  })

  it('refuses to change the hash of a known file', () => {
    const files = registry()
    files.add('/ui/a/1/', { 'remoteEntry.js': hash('a') })
    expect(() => files.add('/ui/a/1/', { 'remoteEntry.js': hash('b') })).toThrow('another integrity')
    expect(files.of('/ui/a/1/remoteEntry.js')).toBe(hash('a'))
  })

  it('refuses a hash that a browser would ignore', () => {
    expect(() => registry().add('/ui/a/1/', { 'remoteEntry.js': 'md5-abc' })).toThrow('no usable integrity')
  })

  it('forgets files once every owner has let go', () => {
    const files = registry()
    const first = files.add('/ui/a/1/', { 'x.js': hash('a') })
    const second = files.add('/ui/a/1/', { 'x.js': hash('a') })
    first()
    first()
    expect(files.has('/ui/a/1/x.js')).toBe(true)
    second()
    expect(files.has('/ui/a/1/x.js')).toBe(false)
  })
})
