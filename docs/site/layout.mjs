import path from 'node:path'

/** A page of the site. Everything in it is by relative address, so the site works below any path. */
export function layout({ page, html, groups, previous, next }) {
  const to = (file) => path.posix.relative(path.posix.dirname(page.file), file)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)} · DCESOP</title>
<link rel="stylesheet" href="${to('assets/site.css')}">
<script type="module" src="${to('assets/search.js')}"></script>
</head>
<body data-root="${to('') || '.'}">
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="home" href="${to('index.html')}">DCESOP</a>
<search><label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" aria-controls="found">
<p id="count" role="status"></p>
<ul id="found" hidden></ul></search>
</header>
<div class="columns">
<nav aria-label="Pages">${groups.map((group) => navigationOf(group, page, to)).join('\n')}</nav>
<main id="content" tabindex="-1">
${html}
<footer>${neighbour('Previous', previous, to)}${neighbour('Next', next, to)}</footer>
</main>
</div>
</body>
</html>
`
}

/** Pages of a folder are listed where one of them is open. */
function navigationOf({ title, pages }, page, to) {
  const opened = page.within ?? page.file
  const shown = pages.filter(({ within }) => within === undefined || within === opened)
  const items = shown.map(({ file, title: name, within }) => {
    const here = file === page.file ? ' aria-current="page"' : ''
    return `<li${within ? ' class="inner"' : ''}><a href="${to(file)}"${here}>${escaped(name)}</a></li>`
  })
  return `<h2>${escaped(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`
}

function neighbour(label, page, to) {
  return page ? `<a href="${to(page.file)}"><span>${label}</span> ${escaped(page.title)}</a>` : ''
}

export function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
