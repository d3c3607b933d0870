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

/** The least of several runs: others use the machine, too. */
function processorMs(run: () => unknown): number {
  const times = [1, 2, 3, 4].map(() => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...times)
}

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

  it('is held against the innermost package of each source, however the path is written', async () => {
    const told = async (source: string) => {
      const given = { 'sbom.cdx.json': bill(), 'dist/server.cjs.map': JSON.stringify({ sources: [source] }) }
      return (await rulesOf(sbomCheck, contents(given))).map((text) => text.split('"')[1])
    }
    expect(await told('webpack://x/node_modules/a/node_modules/@b/c/d.js')).toEqual(['@b/c'])
    expect(await told('node_modules/a/node_modules/.bin/x')).toEqual(['a'])
    expect(await told('node_modules/a/node_modules/b')).toEqual(['a'])
    expect(await told('node_modules/b')).toEqual([])
  })

  it.each(['o', 'node_modules/', '/', '@a/'])('costs no more than its length for a path of many "%s"', (unit) => {
    const cost = (size: number) => {
      const map = JSON.stringify({ sources: [unit.repeat(size / unit.length)] })
      const given = contents({ 'sbom.cdx.json': bill(), 'dist/server.cjs.map': map })
      return processorMs(() => sbomCheck.run(given))
    }
    // By its length a path of 32 times as many costs some 32 times as much, by the square 1,024 times: minutes.
    expect(cost(1_280_000)).toBeLessThan(200 * cost(40_000) + 500)
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
    [{ expression: 'GPL-3.0-only\n OR\t(MIT)' }],
  ])('are accepted as %j', async (licence) => {
    expect(await of(licence)).toEqual([])
  })

  it.each([
    [{ license: { id: 'GPL-3.0-only' } }],
    [{ license: { name: 'SEE LICENSE IN FILE' } }],
    [{ expression: 'MIT AND GPL-3.0-only' }],
    [{ expression: '(GPL-3.0-only OR MIT) AND CC-BY-4.0' }],
    [{ expression: 'MIT AND' }],
  ])('are refused as %j', async (licence) => {
    expect(await of(licence)).toEqual([expect.stringMatching(/^licence-refused: "x" 1.2.3 is under /)])
  })

  it('are stated', async () => {
    expect(await of()).toEqual(['licence-missing: "x" 1.2.3 states no licence.'])
  })
})
