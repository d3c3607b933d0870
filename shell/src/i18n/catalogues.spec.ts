import { jest } from '@jest/globals'
import type { FeedPlugin } from '../feed/feed.ts'
import { createPluginCatalogues } from './catalogues.ts'

const files = { 'locales/es.json': 'sha384-es', 'locales/es-CO.json': 'sha384-co', 'locales/en.json': 'sha384-en' }
const plugin = {
  id: 'demo',
  baseUrl: '/ui/demo/1/',
  integrity: files,
  locales: {
    es: '/ui/demo/1/locales/es.json',
    'es-CO': '/ui/demo/1/locales/es-CO.json',
    en: '/ui/demo/1/locales/en.json',
  },
} as unknown as FeedPlugin

/** A host that answers what is given for a file, in its own time. */
const host = (answers: Record<string, () => Promise<Response>>) =>
  createPluginCatalogues((url) => {
    const name = /([^/]+)\.json$/.exec(String(url))?.[1] ?? ''
    return answers[name]?.() ?? Promise.resolve(Response.json({ hello: name }))
  })
const never = () => new Promise<Response>(() => undefined)
const missing = () => Promise.resolve(new Response('', { status: 404 }))

afterEach(() => jest.useRealTimers())

it('gives the messages of the locale and of what it inherits from', async () => {
  const found = await host({}).load(plugin, 'es-CO')
  expect(found).toMatchObject({ es: { hello: 'es' }, 'es-CO': { hello: 'es-CO' } })
})

it('leaves out a country’s words that cannot be had, and tries them again the next time', async () => {
  let there = false
  const catalogues = host({ 'es-CO': () => (there ? Promise.resolve(Response.json({ hello: 'vos' })) : missing()) })
  expect(await catalogues.load(plugin, 'es-CO')).not.toHaveProperty('es-CO')
  there = true
  expect(await catalogues.load(plugin, 'es-CO')).toMatchObject({ 'es-CO': { hello: 'vos' } })
})

it('waits a second for a country’s words when those of the language are there', async () => {
  jest.useFakeTimers()
  const loading = host({ 'es-CO': never }).load(plugin, 'es-CO')
  await jest.advanceTimersByTimeAsync(1000)
  expect(Object.keys(await loading)).toContain('es')
})

it('waits longer for the language itself: another may not be understood', async () => {
  jest.useFakeTimers()
  let answer: (response: Response) => void = () => undefined
  const catalogues = host({ es: () => new Promise((resolve) => (answer = resolve)), 'es-CO': never })
  const loaded = jest.fn()
  const loading = catalogues.load(plugin, 'es-CO').then(loaded)
  await jest.advanceTimersByTimeAsync(5000)
  expect(loaded).not.toHaveBeenCalled()
  answer(Response.json({ hello: 'es' }))
  await jest.advanceTimersByTimeAsync(1000)
  await loading
  expect(loaded).toHaveBeenCalledWith(expect.objectContaining({ es: { hello: 'es' } }))
})

it('says so when the language cannot be had', async () => {
  await expect(host({ es: missing }).load(plugin, 'es-CO')).rejects.toThrow('answered 404')
})

it.each([
  ['a line that is down', () => Promise.reject(new TypeError('Failed to fetch')), 'remote_unreachable'],
  ['a file that is not there', missing, 'remote_missing'],
])('tells %s as such, so that nobody blames the plugin for the line', async (_what, answer, code) => {
  await expect(host({ es: answer }).load(plugin, 'es-CO')).rejects.toMatchObject({ code })
})

it('takes no file that the feed does not vouch for', async () => {
  const other = { ...plugin, integrity: {} } as FeedPlugin
  await expect(host({}).load(other, 'es')).rejects.toThrow('vouches for no catalogue')
})
