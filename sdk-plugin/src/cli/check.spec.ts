import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { main } from './main.ts'

let [dir, plugin] = ['', '']
let said: string[] = []
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cli-mistakes-'))
  jest.spyOn(console, 'log').mockImplementation()
  jest.spyOn(console, 'error').mockImplementation((text: string) => void said.push(text))
  await main(['new', path.join(dir, 'radio'), '--publisher', 'acme'])
})
beforeEach(async () => {
  plugin = path.join(dir, 'again')
  await rm(plugin, { recursive: true, force: true })
  await cp(path.join(dir, 'radio'), plugin, { recursive: true })
  said = []
})
afterAll(async () => {
  jest.restoreAllMocks()
  await rm(dir, { recursive: true })
})

/** @param before what stands in the file, and is replaced */
async function mistake(file: string, before: string | RegExp, after: string): Promise<void> {
  const name = path.join(plugin, file)
  const text = await readFile(name, 'utf8')
  const changed = text.replace(before, after)
  expect(changed).not.toBe(text)
  await writeFile(name, changed)
}

/** What the author reads first. */
async function told(): Promise<string> {
  expect(await main(['check', plugin])).toBe(1)
  return said.join('\n')
}

describe('dcesop check', () => {
  it('has nothing to say of a new plugin', async () => {
    expect(await main(['check', plugin])).toBe(0)
  })

  it.each([
    [
      'server/main.ts',
      'export default',
      'export const plugin =',
      'server/main.ts:1: source-export: server/main.ts has no',
    ],
    ['ui/estimate-page.ts', 'export default', 'export const page =', 'ui/estimate-page.ts:1: source-export: '],
    ['dcesop.plugin.json', '"gauge"', '"guage"', 'Did you mean "gauge"? docs/manifest/ui.md has all.'],
    ['dcesop.plugin.json', '"radio"', '"Radio_1"', 'dcesop.plugin.json:4: manifest-shape: '],
    ['dcesop.plugin.json', '"radio"', '"Radio_1"', 'Write it such as "network-map"; docs/manifest/id.md says more.'],
    ['dcesop.plugin.json', '"version": "0.1.0"', '"version": "0.1"', 'Write it such as "1.2.0"; '],
    ['dcesop.plugin.json', '"titleKey"', '"titelKey"', 'dcesop.plugin.json:6: manifest-shape: "titelKey" is not'],
    ['dcesop.plugin.json', '"version": "0.1.0",', '"version": "0.1.0",,', 'dcesop.plugin.json:5: source-json: '],
    [
      'dcesop.plugin.json',
      '"id": "radio",',
      '"id": "radio",\n  "id": "radio",',
      'dcesop.plugin.json:5: source-json: "/id"',
    ],
    ['dcesop.plugin.json', '{', '\uFEFF{', 'dcesop.plugin.json:1: source-json: dcesop.plugin.json begins with a byte'],
    ['dcesop.plugin.json', /\}\n$/, '', 'dcesop.plugin.json:42: source-json: '],
    [
      'dcesop.plugin.json',
      /"sdk": "[^"]*"/,
      '"sdk": "^99.0.0"',
      'dcesop.plugin.json:7: source-engine: engines.sdk is "^99.0.0", and the SDK that builds it is 0.1.0.',
    ],
    [
      'dcesop.plugin.json',
      '"permission": "radio:use", "t',
      '"permission": "radio:nope", "t',
      'source-permission: Nobody can have "radio:nope"',
    ],
    [
      'dcesop.plugin.json',
      '"expose": "estimate-page"',
      '"expose": "other"',
      'source-unit: "other" is exposed, and there is no ui/other.ts',
    ],
    [
      'dcesop.plugin.json',
      '"titleKey": "page.title"',
      '"titleKey": "page.titel"',
      'i18n-manifest-key: The manifest names message "page.titel"',
    ],
    [
      'dcesop.plugin.json',
      '"titleKey": "page.title"',
      '"titleKey": "page.title", "search": "page.finds"',
      'i18n-manifest-key: The manifest names message "page.finds"',
    ],
    ['package.json', '"version": "0.1.0"', '"version": "0.2.0"', 'package.json:3: package-version: '],
    ['locales/en.json', /: "[^"]*"/, ': "{broken"', 'locales/en.json:2: i18n-parse: "plugin.title" is no ICU message'],
    [
      'locales/en.json',
      /^\{/,
      '{\n  "a": "ok",\n  "a/b": "{broken",',
      'locales/en.json:3: i18n-parse: "a/b" is no ICU message',
    ],
    ['locales/pt-BR.json', /: "[^"]*"/, ': " "', 'locales/pt-BR.json:2: i18n-empty: '],
    [
      'locales/pt-BR.json',
      /"permission.use": "[^"]*",/,
      '',
      'locales/pt-BR.json:1: i18n-missing: "permission.use" is not in pt-BR',
    ],
    [
      'ui/estimate-page.vue',
      "'page.subtitle'",
      "'page.subtitel'",
      'ui/estimate-page.vue:38: i18n-unknown: There is no message "page.subtitel"',
    ],
    [
      'ui/estimate-page.vue',
      '<div class="estimate">',
      '<div class="estimate">\n    Hello world',
      'ui/estimate-page.vue:38: ui-literal-text: "Hello world"',
    ],
    [
      'ui/estimate-page.vue',
      ':title="text.t(\'household.title\')"',
      'title="Household"',
      'ui/estimate-page.vue:39: ui-literal-text: "Household"',
    ],
    [
      'dcesop.plugin.json',
      '"routes": [',
      '"routes": [\n      { "method": "GET", "path": "/more", "permission": "radio:use", "timeoutMs": 2000 },',
      'dcesop.plugin.json:13: source-unregistered: "GET /more"',
    ],
    [
      'server/main.ts',
      "path: '/estimate'",
      "path: '/guess'",
      'server/main.ts:8: source-undeclared: The route "GET /guess"',
    ],
    [
      'server/main.ts',
      'start(context) {',
      "start(context) {\n    context.data.region('br').collection<object>('radio_notes')\n",
      'server/main.ts:8: source-undeclared: The collection "radio_notes"',
    ],
    [
      'server/main.ts',
      'start(context) {',
      "start(context) {\n    context.jobs.every('tidy', 1000, async () => {})\n",
      'server/main.ts:8: source-undeclared: The job "tidy"',
    ],
  ])('finds in %s that %j became %j', async (file, before, after, message) => {
    await mistake(file, before, after)
    const text = await told()
    expect(text).toContain(message)
    expect(text).toMatch(
      /^\S+:\d+: (\S+): .+\n  \S.+\n(?:[^]*\n)?More: dcesop explain \1 \(docs\/rules\/\1\.md\)(\n|$)/,
    )
  })

  it('tells a link, which would be missing in the package', async () => {
    await rename(path.join(plugin, 'CHANGELOG.md'), path.join(dir, 'elsewhere.md'))
    await symlink(path.join(dir, 'elsewhere.md'), path.join(plugin, 'CHANGELOG.md'))
    expect(await told()).toContain('CHANGELOG.md: source-link: ')
  })

  it('takes words that are marked as the same in every language, units, and messages by a name made at run time', async () => {
    await mistake(
      'ui/estimate-page.vue',
      '</template>',
      '<b translate="no">DCESOP</b><i>%</i>{{ text.t(`technology.${people}`) }}</template>',
    )
    expect(await main(['check', plugin])).toBe(0)
  })
})

describe('dcesop pack', () => {
  it('says what the author wrote wrong before a compiler does, and leaves no package', async () => {
    await mistake('dcesop.plugin.json', '"expose": "estimate-page"', '"expose": "other"')
    expect(await main(['pack', plugin])).toBe(1)
    expect(said.join('\n')).toContain('source-unit')
  })

  it('writes no package that is larger than a host takes', async () => {
    // What repeats packs to nothing, and is large only unpacked.
    await writeFile(path.join(plugin, 'CHANGELOG.md'), 'news '.repeat(14_000_000))
    expect(await main(['pack', plugin])).toBe(1)
    expect(said.join('\n')).toContain('package-unpacked-size')
    expect(said.join('\n')).toContain('CHANGELOG.md (66.8 MiB)')
    await expect(readFile(path.join(plugin, 'dist/radio-0.1.0.tgz'))).rejects.toThrow('ENOENT')
  })

  it('writes the same bytes wherever the plugin is', async () => {
    const folders = ['one', 'with space/two', 'further/down/three'].map((name) => path.join(dir, name))
    const packed: Buffer[] = []
    for (const folder of folders) {
      await cp(plugin, folder, { recursive: true })
      expect(await main(['pack', folder])).toBe(0)
      packed.push(await readFile(path.join(folder, 'dist/radio-0.1.0.tgz')))
    }
    expect(packed.map((bytes) => bytes.equals(packed[0] as Buffer))).toEqual([true, true, true])
  })
})
