import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { dcesop, pluginForEach } from '../../../testing/command-line.ts'
import { devPackage } from './dev-package.ts'

const author = pluginForEach()

it('tells of a build that fails by its error, and of nothing of the compiler’s own', async () => {
  const page = path.join(author.dir, 'page')
  await dcesop('new', page, '--publisher', 'acme')
  const file = path.join(page, 'ui/estimate-page.vue')
  const component = await readFile(file, 'utf8')
  const printed = jest.spyOn(process.stderr, 'write').mockImplementation(() => true)
  try {
    await devPackage(page, 1)
    await writeFile(file, `${component}\n<style>\np {} } p {}\n</style>\n`)
    await expect(devPackage(page, 2)).rejects.toThrow('Unexpected }')
    expect(printed.mock.calls).toEqual([])
  } finally {
    printed.mockRestore()
  }
})
