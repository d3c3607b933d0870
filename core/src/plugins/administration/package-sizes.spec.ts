import { listFiles } from '@dcesop/sdk-plugin/package'
import { PackageSizes } from './package-sizes.ts'

const files = new Map([
  ['package.json', Buffer.alloc(120)],
  ['dist/server.cjs', Buffer.alloc(3000)],
])

it('adds up what the list of a package says, once', async () => {
  const text = jest.fn(async () => JSON.stringify(listFiles(files)))
  const sizes = new PackageSizes({ text })
  expect(await sizes.of('abc')).toBe(3120)
  expect(await sizes.of('abc')).toBe(3120)
  expect(text).toHaveBeenCalledTimes(1)
})

it('does not know the size of a package that is not here, and looks again when it came', async () => {
  const text = jest.fn<Promise<string | undefined>, []>().mockResolvedValueOnce(undefined)
  const sizes = new PackageSizes({ text })
  expect(await sizes.of('abc')).toBeNull()
  text.mockResolvedValueOnce(JSON.stringify(listFiles(files)))
  expect(await sizes.of('abc')).toBe(3120)
})
