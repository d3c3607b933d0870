import MiniSearch from './minisearch.js'
import { searchOptions } from './search-options.js'

const input = document.querySelector('#search')
const list = document.querySelector('#found')
const count = document.querySelector('#count')
const root = new URL(`${document.body.dataset.root}/`, location.href)
const most = 12

let index
/** The index is fetched by the first who searches. */
async function load() {
  const answer = await fetch(new URL('assets/index.json', root))
  if (!answer.ok) throw new Error(`The index could not be read (${answer.status}).`)
  return MiniSearch.loadJSON(await answer.text(), searchOptions)
}

async function show() {
  const asked = input.value.trim()
  index ??= load()
  let results = []
  try {
    if (asked !== '') results = (await index).search(asked)
  } catch (error) {
    index = undefined
    count.textContent = error.message
    return
  }
  // Somebody who types on is answered once, with the last.
  if (asked !== input.value.trim()) return
  const found = results.slice(0, most)
  list.replaceChildren(...found.map(itemOf))
  list.hidden = found.length === 0
  count.textContent = asked === '' ? '' : found.length === 0 ? 'Nothing found.' : `${results.length} found`
}

function itemOf({ id, title }) {
  const link = document.createElement('a')
  link.href = new URL(id, root).href
  link.textContent = title
  const item = document.createElement('li')
  item.append(link)
  return item
}

input.addEventListener('input', () => void show())
// Somebody may have been quicker than this script.
if (input.value !== '') void show()
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    input.focus()
  }
  if (event.key === 'Escape' && !list.hidden) {
    input.value = ''
    void show()
    input.focus()
  }
})
