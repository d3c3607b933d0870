import path from 'node:path'
import { packagesOf } from './bundled-packages.ts'
import { sbomOf } from './sbom.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const plugin = { name: '@acme/dcesop-demo', version: '1.2.3', licence: 'MIT' }

describe('the bill of materials', () => {
  it('names each bundled package once, with version, licence and address', async () => {
    const files = [
      'sdk-plugin/src/build/sbom.ts',
      'node_modules/.federation/entry.1.js',
      'node_modules/semver/index.js',
      'node_modules/semver/classes/range.js',
    ]
    const bundled = await packagesOf(files.map((file) => path.join(root, file)))
    expect(bundled).toEqual([{ name: 'semver', version: expect.stringMatching(/^\d/) as string, licence: 'ISC' }])
    const { components, dependencies, metadata } = JSON.parse(sbomOf(plugin, bundled).toString())
    const purl = `pkg:npm/semver@${bundled[0]?.version}`
    expect(metadata.component).toMatchObject({ group: '@acme', purl: 'pkg:npm/%40acme/dcesop-demo@1.2.3' })
    expect(components).toEqual([expect.objectContaining({ purl, licenses: [{ license: { id: 'ISC' } }] })])
    expect(dependencies).toContainEqual({ ref: 'pkg:npm/%40acme/dcesop-demo@1.2.3', dependsOn: [purl] })
  })

  it('is the same whatever the order, and keeps licences that are no SPDX id', () => {
    const [a, b] = [
      { name: 'a', version: '1.0.0', licence: '(MIT OR Apache-2.0)' },
      { name: '@s/b', version: '2.0.0', licence: 'Look in LICENSE.txt' },
    ]
    expect(sbomOf(plugin, [a, b]).equals(sbomOf(plugin, [b, a]))).toBe(true)
    const licences = JSON.parse(sbomOf(plugin, [a, b]).toString()).components.map(
      ({ licenses }: { licenses: unknown }) => licenses,
    )
    expect(licences).toEqual(expect.arrayContaining([[{ expression: a.licence }], [{ license: { name: b.licence } }]]))
  })
})
