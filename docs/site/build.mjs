import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import MiniSearch from 'minisearch'
import path from 'node:path'
import { home } from './home.mjs'
import { layout } from './layout.mjs'
import { render } from './markdown.mjs'
import { findPages, root } from './pages.mjs'
import { searchOptions } from './assets/search-options.js'

/**
 * Makes the site.
 * @param out folder that becomes it
 * @returns how many pages there are
 * @throws Error that names every link which leads nowhere
 */
export function buildSite(out) {
  const groups = findPages()
  const pages = groups.flatMap((group) => group.pages)
  const fileOfSource = new Map(pages.map(({ source, file }) => [source, file]))
  const rendered = new Map(pages.map((page) => [page.file, render(page, fileOfSource)]))
  refuseDeadLinks(rendered)

  rmSync(out, { recursive: true, force: true })
  pages.forEach((page, index) => {
    const { html, files } = rendered.get(page.file)
    write(out, page.file, layout({ page, html, groups, previous: pages[index - 1], next: pages[index + 1] }))
    for (const { from, to } of files) cpSync(path.join(root, from), path.join(out, to), { recursive: true })
  })
  const first = { file: 'index.html', title: 'Documentation' }
  write(out, first.file, layout({ page: first, html: home(groups), groups }))
  writeAssets(out)
  write(out, 'assets/index.json', JSON.stringify(searchIndex(pages, rendered)))
  return pages.length + 1
}

function refuseDeadLinks(rendered) {
  const all = [...rendered.values()]
  const dead = all.flatMap((page) => page.dead)
  for (const { source, page, fragment } of all.flatMap((one) => one.to)) {
    if (!rendered.get(page).ids.includes(fragment)) dead.push(`${source}: ${page}#${fragment}`)
  }
  if (dead.length > 0) throw new Error(`Links that lead nowhere:\n${dead.join('\n')}`)
}

function searchIndex(pages, rendered) {
  const index = new MiniSearch(searchOptions)
  index.addAll(pages.map(({ file, title }) => ({ id: file, title, text: rendered.get(file).words })))
  return index
}

/** The product's own tokens, where the reader's system chooses the theme. */
function writeAssets(out) {
  const assets = path.join(import.meta.dirname, 'assets')
  const tokens = (name) => readFileSync(path.join(root, `sdk-plugin/src/ui/styles/tokens/${name}.css`), 'utf8')
  const themed = (name) => tokens(name).replaceAll(/:root\[data-theme='\w+'\]/g, ':root')
  const style = [
    tokens('primitive'),
    tokens('semantic'),
    themed('light'),
    `@media (prefers-color-scheme: dark) {\n${themed('dark')}}`,
    readFileSync(path.join(assets, 'site.css'), 'utf8'),
  ]
  write(out, 'assets/site.css', style.join('\n'))
  for (const name of ['search.js', 'search-options.js']) cpSync(path.join(assets, name), path.join(out, 'assets', name))
  cpSync(path.join(root, 'node_modules/minisearch/dist/es/index.js'), path.join(out, 'assets/minisearch.js'))
}

function write(out, file, text) {
  mkdirSync(path.dirname(path.join(out, file)), { recursive: true })
  writeFileSync(path.join(out, file), text)
}
