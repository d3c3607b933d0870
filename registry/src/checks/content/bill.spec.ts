import type { Contents } from '../check.ts'
import { licenceCheck } from './licence.ts'
import { sbomCheck } from './sbom.ts'

const component = (name: string, licence?: object, group?: string) => ({
  name,
  ...(group && { group }),
  version: '1.2.3',
  purl: `pkg:npm/${name}@1.2.3`,
  ...(licence && { licenses: [licence] }),
})
const bill = (...components: object[]) => JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components })

function contents(files: Record<string, string>, kind: Contents['kind'] = 'plugin'): Contents {
  const entries = Object.entries(files).map(([path, text]) => [path, Buffer.from(text)] as const)
  return { kind, files: new Map(entries) } as unknown as Contents
}

const rulesOf = async (check: typeof sbomCheck, given: Contents) =>
  (await check.run(given)).map(({ rule, evidence }) => `${rule}: ${evidence}`)

describe('the bill of materials', () => {
  const map = JSON.stringify({
    sources: ['../node_modules/ajv/lib/a.ts', '../node_modules/@hapi/boom/index.js', '../server/main.ts'],
  })

  it('names what the backend bundles', async () => {
    const whole = bill(component('ajv'), component('boom', undefined, '@hapi'))
    expect(await rulesOf(sbomCheck, contents({ 'sbom.cdx.json': whole, 'dist/server.cjs.map': map }))).toEqual([])
    const part = contents({ 'sbom.cdx.json': bill(component('ajv')), 'dist/server.cjs.map': map })
    expect(await rulesOf(sbomCheck, part)).toEqual([
      'sbom-incomplete: The backend bundles "@hapi/boom", which sbom.cdx.json does not name.',
    ])
  })

  it.each([
    '{',
    '[]',
    '{"bomFormat":"SPDX","components":[]}',
    '{"bomFormat":"CycloneDX"}',
    '{"bomFormat":"CycloneDX","components":[1]}',
  ])('is CycloneDX, and not %s', async (text) => {
    expect(await rulesOf(sbomCheck, contents({ 'sbom.cdx.json': text }))).toEqual([
      expect.stringMatching(/^sbom-form: /),
    ])
  })

  it('is with every plugin, and no matter of a library', async () => {
    expect(await rulesOf(sbomCheck, contents({}))).toEqual(['sbom-missing: There is no sbom.cdx.json.'])
    expect(await rulesOf(sbomCheck, contents({}, 'library'))).toEqual([])
  })
})

describe('licences of what is bundled', () => {
  const check = licenceCheck(['MIT', 'Apache-2.0'])
  const of = (licence?: object) => rulesOf(check, contents({ 'sbom.cdx.json': bill(component('x', licence)) }))

  it.each([
    [{ license: { id: 'MIT' } }],
    [{ expression: 'GPL-3.0-only OR MIT' }],
    [{ expression: '(MIT AND Apache-2.0)' }],
  ])('are accepted as %j', async (licence) => {
    expect(await of(licence)).toEqual([])
  })

  it.each([
    [{ license: { id: 'GPL-3.0-only' } }],
    [{ license: { name: 'SEE LICENSE IN FILE' } }],
    [{ expression: 'MIT AND GPL-3.0-only' }],
    [{ expression: '(GPL-3.0-only OR MIT) AND CC-BY-4.0' }],
  ])('are refused as %j', async (licence) => {
    expect(await of(licence)).toEqual([expect.stringMatching(/^licence-refused: "x" 1.2.3 is under /)])
  })

  it('are stated', async () => {
    expect(await of()).toEqual(['licence-missing: "x" 1.2.3 states no licence.'])
  })
})
