import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { dcesop, pluginForEach } from '../../../testing/command-line.ts'

const author = pluginForEach()

/** A new page, with its component changed. */
async function pageWith(change: (component: string) => string): Promise<string> {
  const page = path.join(author.dir, 'page')
  await dcesop('new', page, '--publisher', 'acme')
  const file = path.join(page, 'ui/estimate-page.vue')
  await writeFile(file, change(await readFile(file, 'utf8')))
  return page
}

describe('dcesop build', () => {
  it('tells of a template that cannot be read where it ends, without the stack of the compiler', async () => {
    const page = await pageWith((component) => component.replace('</template>', '<div></template>'))
    const { status, err } = await dcesop('build', page)
    expect(status).toBe(1)
    expect(err).toMatch(/^ERROR in \.\/ui\/estimate-page\.vue\nVueCompilerError: .+\nat .+estimate-page\.vue:\d+:\d+\n/)
    expect([err.match(/VueCompilerError/g)?.length, /^ {4}at /m.test(err)]).toEqual([1, false])
  })

  it('tells of a style that cannot be read by its line in the component, once, and of no loader', async () => {
    const page = await pageWith((component) => `${component}\n<style>\np {}\n} p {}\n</style>\n`)
    const { status, err } = await dcesop('build', page)
    const lines = (await readFile(path.join(page, 'ui/estimate-page.vue'), 'utf8')).split('\n')
    const line = lines.indexOf('} p {}') + 1
    const at = `${path.join(page, 'ui/estimate-page.vue')}:${line}:1`
    expect([status, err]).toEqual([1, `ERROR in ./ui/estimate-page.vue\nCssSyntaxError: ${at}: Unexpected }`])
  })

  it('takes what a style imports along, in the plugin’s layer', async () => {
    const page = await pageWith((component) => `${component}\n<style>\n@import './tokens.css';\n</style>\n`)
    await writeFile(path.join(page, 'ui/tokens.css'), '[data-plugin="page"] { --page-gap: 1px }')
    expect(await dcesop('build', page)).toMatchObject({ status: 0 })
    const built = await readdir(path.join(page, 'dist/ui'))
    const styles = await Promise.all(
      built.filter((name) => name.endsWith('.css')).map((name) => readFile(path.join(page, 'dist/ui', name), 'utf8')),
    )
    expect(styles.join('')).toMatch(/@layer plugin\.page \{\n\[data-plugin="page"\] \{ --page-gap: 1px \}\n\}/)
  })

  it('tells who bundles a package that is not there to install it, and not to leave it out', async () => {
    const file = path.join(author.plugin, 'server/main.ts')
    await writeFile(file, `import '@acme/left/pad'\n${await readFile(file, 'utf8')}`)
    const { status, err } = await dcesop('build', author.plugin)
    expect(status).toBe(1)
    expect(err).toContain('Install it, such as with "npm install @acme/left": it becomes part of dist/server.cjs.')
    expect(err).not.toContain('external')
  })
})
