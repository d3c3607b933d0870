/** @jest-environment jsdom */
import { createI18n } from '@dcesop/sdk-plugin/i18n'
import { nextTick, ref, shallowRef } from 'vue'
import type { Console } from '../console/console.ts'
import type { KnownPage } from '../routing/pages.ts'
import type { Shell } from '../state/shell.ts'
import { pageShortcuts } from './page-shortcuts.ts'
import { createShortcutStore } from './shortcut-store.ts'

function page(plugin: string, path: string, key?: string): KnownPage {
  return { name: `${plugin}/main`, plugin, page: { path, key, titleKey: 'title' }, match: () => undefined } as never
}

test('g and the letter of a page open it while its plugin serves, and are listed by its title', async () => {
  const en = { 'shell.shortcuts.page': 'Go to {title}' }
  const titles = createI18n({ locale: 'en', catalogues: { en: { title: 'Customers' } } })
  const pages = shallowRef([
    page('customers', '/customers', 'c'),
    page('copy', '/copy', 'c'),
    page('one', '/one/:id', 'o'),
    page('network', '/network'),
  ])
  const target = document.body.appendChild(document.createElement('main'))
  const went: string[] = []
  const shortcuts = createShortcutStore(target, ref(true))
  pageShortcuts({
    shortcuts,
    navigate: (path: string) => void went.push(path),
    appearance: { i18n: ref(createI18n({ locale: 'en', catalogues: { en } })) } as unknown as Shell['appearance'],
    console: shallowRef({ pages, textsOf: () => titles } as unknown as Console),
  })
  const press = (key: string) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  for (const key of ['g', 'c', 'g', 'o']) press(key)
  expect(went).toEqual(['/customers'])
  expect(shortcuts.list.map(({ label }) => label())).toEqual(['Go to Customers'])
  pages.value = []
  await nextTick()
  for (const key of ['g', 'c']) press(key)
  expect(went).toHaveLength(1)
  expect(shortcuts.list).toEqual([])
})
