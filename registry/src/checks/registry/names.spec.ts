import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'
import { foldName } from './fold-name.ts'

describe('foldName', () => {
  it.each([
    ['Radio-Tools', 'radio_tools'],
    ['bi11ing', 'billing'],
    ['b1lling', 'billing'],
    ['modern', 'modem'],
    ['c0re', 'core'],
  ])('takes %s and %s for one', (left, right) => {
    expect(foldName(left)).toBe(foldName(right))
  })
})

describe('names of new packages', () => {
  let registry: TestRegistry
  let [ana, bob] = ['', '']
  beforeAll(async () => {
    registry = await startTestRegistry()
    ana = await registry.token('ana')
    bob = await registry.token('bob')
    await registry.publish(ana, { name: 'radio-tools' })
    await registry.publish(ana, { name: '@ana/dcesop-charts-kit' })
    await registry.publish(ana, { name: 'abc' })
  })
  afterAll(() => registry.stop())

  it.each([
    ['radiotools', ['name-similar']],
    ['rad1o-tools', ['name-similar']],
    ['radio-tool', ['name-similar']],
    ['radio-toolz', ['name-similar']],
    ['radio-fools-day', 'published'],
    ['abd', 'published'],
    ['Abc', ['name-similar']],
    ['fs', ['name-reserved']],
    ['dcesop', ['name-reserved']],
    ['@npm/x', ['name-reserved']],
    ['@bob/npm', 'published'],
  ])('%s by another publisher is answered %j', async (name, expected) => {
    const { status, body } = await registry.publish(bob, { name })
    const rules = (body['errors'] as { code: string }[] | undefined)?.map(({ code }) => code)
    expect(status === 201 ? 'published' : rules).toEqual(expected)
  })

  it("are free to resemble one's own", async () => {
    expect((await registry.publish(ana, { name: 'radio-tools2' })).status).toBe(201)
  })

  it('bind nobody afterwards: new versions of a name are not compared', async () => {
    await registry.publish(bob, { name: 'radio-tools-of-bob' })
    await registry.publish(ana, { name: 'radio-tools-of-bobo' })
    expect((await registry.publish(bob, { name: 'radio-tools-of-bob', version: '1.1.0' })).status).toBe(201)
  })
})
