import GithubSlugger from 'github-slugger'
import MarkdownIt from 'markdown-it'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from './pages.mjs'

const markdown = new MarkdownIt({ html: false, linkify: false })

/** What is linked to but no page: the file itself is not on the site, its path is. */
const outside = Symbol('outside')

/**
 * @param page `{ source, file, text }`
 * @param fileOfSource addresses by path of the source
 * @returns the HTML, the text for the search, the ids of its headings, the sources that it links to with their fragments, files that it
 * shows, and links that lead nowhere
 */
export function render({ source, file, text }, fileOfSource) {
  const tokens = markdown.parse(text, {})
  const ids = identify(tokens)
  const links = { to: [], dead: [], files: [] }
  for (const token of tokens) {
    for (const child of token.children ?? []) {
      if (child.type === 'image') child.attrSet('src', shownFile(child.attrGet('src'), { source, file }, links))
    }
    if (token.children) token.children = rewritten(token.children, { source, file }, fileOfSource, links)
  }
  return { html: markdown.renderer.render(tokens, markdown.options, {}), words: wordsOf(tokens), ids, ...links }
}

/** Headings and tables that a keyboard can scroll get what they need; ids are those of GitHub, so that links work in both places. */
function identify(tokens) {
  const slugger = new GithubSlugger()
  const ids = []
  tokens.forEach((token, index) => {
    if (token.type === 'heading_open') {
      const id = slugger.slug(textOf(tokens[index + 1].children))
      token.attrSet('id', id)
      ids.push(id)
    }
    if (token.type === 'fence' || token.type === 'table_open') token.attrSet('tabindex', '0')
  })
  return ids
}

function rewritten(children, from, fileOfSource, links) {
  const dropped = []
  return children.filter((child) => {
    if (child.type === 'link_close') return !dropped.pop()
    if (child.type !== 'link_open') return true
    const href = linked(child.attrGet('href'), from, fileOfSource, links)
    dropped.push(href === outside)
    if (href !== outside) child.attrSet('href', href)
    return href !== outside
  })
}

function linked(href, { source, file }, fileOfSource, links) {
  if (/^[a-z]+:/i.test(href)) return href
  const [address, fragment] = href.split('#')
  const target = address === '' ? source : path.posix.join(path.posix.dirname(source), decodeURI(address))
  const page = fileOfSource.get(target) ?? fileOfSource.get(path.posix.join(target, 'README.md'))
  if (page === undefined) {
    if (!existsSync(path.join(root, target))) links.dead.push(`${source}: ${href}`)
    // The manifest's schema is read by editors as it is.
    return /^docs\/.*\.json$/.test(target) ? copied(target, file, links) : outside
  }
  if (fragment !== undefined) links.to.push({ source, page, fragment })
  const relative = path.posix.relative(path.posix.dirname(file), page)
  return fragment === undefined ? relative : `${relative}#${fragment}`
}

function shownFile(src, { source, file }, links) {
  if (/^[a-z]+:/i.test(src)) return src
  const target = path.posix.join(path.posix.dirname(source), src)
  if (!existsSync(path.join(root, target))) links.dead.push(`${source}: ${src}`)
  return copied(target, file, links)
}

function copied(target, file, { files }) {
  const place = target.replace(/^docs\//, '')
  files.push({ from: target, to: place })
  return path.posix.relative(path.posix.dirname(file), place)
}

function wordsOf(tokens) {
  return tokens
    .filter(({ type }) => type === 'inline' || type === 'fence')
    .map((token) => (token.children ? textOf(token.children) : token.content))
    .join('\n')
}

function textOf(children) {
  return children
    .map((child) => (child.type === 'softbreak' ? ' ' : child.children ? textOf(child.children) : child.content))
    .join('')
}
