import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

/**
 * What the site consists of, in the order of its navigation: groups of single pages and of folders, whose README comes first.
 * Paths are from the project's root.
 */
const navigation = [
  {
    title: 'Write a plugin',
    paths: [
      'docs/tutorial.md',
      'sdk-plugin/README.md',
      'sdk-plugin/src/ui/README.md',
      'docs/testing.md',
      'docs/plugin-package.md',
      'docs/isolation.md',
    ],
  },
  { title: 'Install and run', paths: ['docs/registry.md', 'docs/lifecycle.md', 'docs/policy.md', 'docs/proxy.md'] },
  {
    title: 'Reference',
    paths: ['docs/manifest', 'docs/rules', 'docs/checks', 'docs/errors', 'docs/errors/registry', 'docs/glossary.md'],
  },
  {
    title: 'The platform',
    paths: ['README.md', 'docs/architecture.md', 'docs/embedded-db.md', 'docs/traceability.md', 'docs/adr'],
  },
]

/** Groups of pages `{ source, file, title, text, within }`; `within` is the page of the folder that a page belongs to. */
export function findPages() {
  return navigation.map(({ title, paths }) => ({
    title,
    pages: paths.flatMap((entry) => (entry.endsWith('.md') ? [pageOf(entry)] : pagesOf(entry))),
  }))
}

function pagesOf(folder) {
  const names = readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.md') && name !== 'README.md')
  const first = existsSync(path.join(root, folder, 'README.md'))
    ? pageOf(`${folder}/README.md`)
    : { source: `${folder}/README.md`, file: fileOf(`${folder}/README.md`), ...listing(folder, names) }
  return [first, ...names.sort().map((name) => ({ ...pageOf(`${folder}/${name}`), within: first.file }))]
}

/** A folder without a page of its own lists what it holds. */
function listing(folder, names) {
  const title = folder === 'docs/adr' ? 'Decisions' : path.basename(folder)
  const lines = names.sort().map((name) => `- [${pageOf(`${folder}/${name}`).title}](${name})`)
  return { title, text: `# ${title}\n\n${lines.join('\n')}\n` }
}

function pageOf(source) {
  const text = readFileSync(path.join(root, source), 'utf8')
  const title = /^# (.+)$/m.exec(text)?.[1]?.replaceAll('`', '')
  if (!title) throw new Error(`${source} has no title.`)
  return { source, file: fileOf(source), title, text }
}

/** Address of a page within the site. */
function fileOf(source) {
  const file = source.startsWith('docs/') ? source.slice('docs/'.length) : `project/${source}`
  return file.replace(/README\.md$/, 'index.md').replace(/\.md$/, '.html')
}
