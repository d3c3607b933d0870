import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docsRoutes } from './docs-site.ts'
import { startTestDoor, type TestDoor } from './testing/test-door.ts'

let folder: string
let door: TestDoor
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docs-'))
  mkdirSync(join(folder, 'site/rules'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'not for you')
  writeFileSync(join(folder, 'site/.stamp'), 'not for you')
  writeFileSync(join(folder, 'site/index.html'), '<title>Documentation</title>')
  writeFileSync(join(folder, 'site/rules/index.html'), '<title>Rules</title>')
  door = await startTestDoor({}, [docsRoutes(join(folder, 'site'))])
})
afterAll(async () => {
  await door.stop()
  rmSync(folder, { recursive: true })
})

describe('the documentation at /docs/', () => {
  it.each([
    ['/docs', 'Documentation'],
    ['/docs/', 'Documentation'],
    ['/docs/index.html', 'Documentation'],
    ['/docs/rules/', 'Rules'],
    ['/docs/rules', 'Rules'],
  ])('answers %s with "%s", to be asked for again when it changed', async (path, title) => {
    const page = await fetch(door.url + path)
    expect([page.status, page.headers.get('content-type'), page.headers.get('cache-control')]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ])
    expect(await page.text()).toContain(`<title>${title}</title>`)
    const again = await fetch(door.url + path, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it.each([
    '/docs/https:elsewhere.example.',
    '/docs/rules/http:elsewhere',
    '/docs/%68ttps:elsewhere',
    '/docs//elsewhere.',
  ])('leads from %s to no other site', async (path) => {
    const answer = await door.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    const location = /^location: (.*)\r$/im.exec(answer)?.[1] ?? ''
    for (const site of ['http://host.example', 'https://host.example'])
      expect(new URL(location, site + path).origin).toBe(site)
  })

  it.each([
    ['a page that is not there', '/docs/nothing.html'],
    ['a hidden file', '/docs/.stamp'],
    ['a file beside the site', '/docs/..%2fsecret.txt'],
    ['a file beside the site, by dots', '/docs/%2e%2e/secret.txt'],
    ['a file from the root', '/docs//index.html'],
    ['a name that no file can have', '/docs/%00.html'],
    ['a folder that no header can name', '/docs/%00'],
    ['a folder that would end a header', '/docs/%0d%0aset-cookie:%20a=b'],
    ['a longer name than a file can have', `/docs/${'a'.repeat(5000)}.html`],
    ['a page as a folder', '/docs/index.html/x.html'],
  ])('has nothing at %s', async (_what, path) => {
    const answer = await door.raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 404 [\s\S]*application\/problem\+json/)
    expect(answer).not.toContain('not for you')
  })
})
