import type { Json } from '@dcesop/sdk-plugin/host'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  const publish = (name: string, packageJson: Json = {}) => registry.publish(ana, { name, packageJson })
  await publish('@ana/radio', { description: 'Signal tools', keywords: ['antenna'], license: 'MIT' })
  await publish('@ana/radio-charts', { description: 'Pictures of a signal' })
  await publish('@ana/billing', { description: 'Money (no radio)', keywords: ['money'] })
  for (let n = 1; n <= 7; n += 1) await publish(`@ana/page-${n}`)
})
afterAll(() => registry.stop())

const search = async (query: string) => (await registry.send('GET', `/-/v1/search?${query}`)).body
const names = async (query: string) =>
  ((await search(query))['objects'] as { package: { name: string } }[]).map((entry) => entry.package.name)

describe('search', () => {
  it('puts names before keywords before descriptions', async () => {
    expect(await names('text=radio')).toEqual(['@ana/radio', '@ana/radio-charts', '@ana/billing'])
    expect(await names('text=signal%20pict')).toEqual(['@ana/radio-charts'])
    expect(await names('text=%40ana%2Fradio-c')).toEqual(['@ana/radio-charts'])
  })

  it.each([
    ['keywords:antenna', ['@ana/radio']],
    ['scope:ana money', ['@ana/billing']],
    ['scope:other money', []],
    ['author:ana keywords:money', ['@ana/billing']],
    // As a plugin's id is written, and as people write it.
    ['radio-charts', ['@ana/radio-charts']],
    ['Radio_Charts', ['@ana/radio-charts']],
    ['.*', []],
    ['\0', []],
    ['antenna\0', ['@ana/radio']],
  ])('understands "%s"', async (text, found) => {
    expect(await names(`text=${encodeURIComponent(text)}`)).toEqual(found)
  })

  it('pages without gaps and says how many there are', async () => {
    const pages = await Promise.all([0, 3, 6].map((from) => names(`text=page&size=3&from=${from}`)))
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1])
    expect(new Set(pages.flat()).size).toBe(7)
    expect(await search('text=page&size=100000')).toMatchObject({
      total: 7,
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    })
  })

  it('tells of a package no more than a line, whatever it says of itself', async () => {
    const [keywords, description] = [['flood', 'k'.repeat(200_000)], `flood ${'d'.repeat(200_000)}`]
    expect((await registry.publish(ana, { name: '@ana/loud', packageJson: { keywords, description } })).status).toBe(
      201,
    )
    const [loud] = (await search('text=flood'))['objects'] as Json[]
    expect(JSON.stringify(loud).length).toBeLessThan(2000)
  })

  it('answers in the shape that npm reads', async () => {
    const { objects } = (await search('text=radio&size=1&quality=0.65&popularity=0.98&maintenance=0.5')) as {
      objects: Json[]
    }
    expect(objects[0]).toMatchObject({
      package: {
        name: '@ana/radio',
        scope: 'ana',
        version: '1.0.0',
        keywords: ['antenna'],
        maintainers: [{ username: 'ana' }],
      },
      score: { detail: { popularity: 0 } },
    })
  })

  it.each(['', 'text=', 'text=a&size=-1', 'text=a&quality=7'])('refuses "?%s"', async (query) => {
    expect((await registry.send('GET', `/-/v1/search?${query}`)).status).toBe(400)
  })
})
