import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildSite } from '../../docs/site/build.mjs'
import { render } from '../../docs/site/markdown.mjs'
import { problems } from '../../core/src/http/problems.ts'
import { registryProblems } from '../../registry/src/http/problems.ts'
import { ruleGroups } from '../../sdk-plugin/src/findings/rules/index.ts'

let site: string
beforeAll(async () => {
  site = await mkdtemp(path.join(tmpdir(), 'docs-site-'))
  buildSite(site)
})
afterAll(() => rm(site, { recursive: true }))

const pages = () => readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'))
const read = (file: string) => readFileSync(path.join(site, file), 'utf8')

describe('the documentation site', () => {
  it('has a page for every error code and every rule of a package, and the schema of the manifest', () => {
    const wanted = [
      ...Object.keys(problems).map((code) => `errors/${code}.html`),
      ...Object.keys(registryProblems).map((code) => `errors/registry/${code}.html`),
      ...ruleGroups.flatMap(({ rules }) => Object.keys(rules).map((rule) => `rules/${rule}.html`)),
    ]
    const there = new Set(pages())
    expect(wanted.filter((file) => !there.has(file))).toEqual([])
    expect(JSON.parse(read('manifest/plugin-manifest.v1.schema.json'))).toMatchObject({ type: 'object' })
  })

  it('leads from each page only to files and headings that there are', () => {
    const dead = pages().flatMap((file) =>
      [...read(file).matchAll(/(?:href|src)="([^":]*)"/g)]
        .map(([, address = '']) => address.split('#') as [string, string?])
        .filter(([address, fragment]) => {
          const target = address === '' ? file : path.posix.join(path.posix.dirname(file), address)
          if (!target.endsWith('.html')) return readFileSync(path.join(site, target)).length === 0
          return fragment !== undefined && !read(target).includes(` id="${fragment}"`)
        })
        .map(([address]) => `${file}: ${address}`),
    )
    expect(dead).toEqual([])
  })

  it('is not made of a page with a link that leads nowhere', () => {
    const page = { source: 'docs/one.md', file: 'one.html', text: '# One\n\n[two](two.md), [code](../package.json)\n' }
    const { dead, html } = render(page, new Map())
    expect(dead).toEqual(['docs/one.md: two.md'])
    expect(html).toContain('<p>two, code</p>')
  })

  it('runs nothing that a text brings along', () => {
    const page = {
      source: 'docs/one.md',
      file: 'one.html',
      text: '# One\n\n<script>x()</script>\n\n[a](javascript:x())\n',
    }
    expect(render(page, new Map()).html).not.toMatch(/<script|href="javascript/)
  })
})
