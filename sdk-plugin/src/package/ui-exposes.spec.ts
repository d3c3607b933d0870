import { minimalManifest } from '../testing/manifest.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { uiExposeFindings } from './ui-exposes.ts'

const page = (expose: string) => ({
  id: expose,
  path: `/${expose}`,
  expose,
  titleKey: 'title',
  permission: 'demo:view',
})

function rulesOf(container: string, ...declared: string[]): string[] {
  const manifest = { ...minimalManifest(), ui: { pages: declared.map(page) } } as unknown as PluginManifest
  const files = new Map([['dist/ui/remoteEntry.js', Buffer.from(container)]])
  return uiExposeFindings(files, manifest).map(({ rule, evidence }) => `${rule} ${/"([\w-]+)"/.exec(evidence)?.[1]}`)
}

describe('what a remote exposes', () => {
  it.each([
    ['var e={"./search":()=>Promise.all([r.e(1)]),"./list-view":()=>r.e(2)}'],
    ["const moduleMap = {\n  './search': () => { return x },\n  './list-view': function () { return y }\n}"],
  ])('is what the manifest names in %s', (container) => {
    expect(rulesOf(container, 'search', 'list-view')).toEqual([])
    expect(rulesOf(container, 'search')).toEqual(['ui-expose-undeclared list-view'])
    expect(rulesOf(container, 'search', 'list-view', 'map')).toEqual(['ui-expose-missing map'])
  })

  it('is not guessed from a container in another form', () => {
    expect(rulesOf('export {}', 'search')).toEqual([])
  })
})
