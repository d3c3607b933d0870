import { escaped } from './layout.mjs'

/** The first page: the groups and what each of their pages is. */
export function home(groups) {
  const sections = groups.map(
    ({ title, pages }) =>
      `<h2>${escaped(title)}</h2>\n<ul class="cards">${pages
        .filter(({ within }) => within === undefined)
        .map(({ file, title: name }) => `<li><a href="${file}">${escaped(name)}</a></li>`)
        .join('\n')}</ul>`,
  )
  return `<h1>DCESOP for those who build and run it</h1>
<p>From an empty folder to a page that agents use in their console: <a href="tutorial.html">begin with the tutorial</a>.
An error code or a rule that refused a package is found fastest by the search above.</p>
${sections.join('\n')}`
}
