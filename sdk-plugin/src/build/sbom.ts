import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import type { BundledPackage } from './bundled-packages.ts'

export const sbomPath = 'sbom.cdx.json'

/** The form of an SPDX expression; anything else becomes a licence by name. */
const expression = /^[\s(]*[A-Za-z0-9.+-]+(?:[\s()]+(?:AND|OR|WITH)[\s(]+[A-Za-z0-9.+-]+)+[\s)]*$/

const licences = new Contrib.License.Factories.LicenseFactory((text) => {
  if (!expression.test(text)) throw new RangeError('not an SPDX expression')
})

/**
 * CycloneDX 1.6 JSON of what a plugin's bundles contain. No time and no serial number: the same build gives the same bytes.
 * @param plugin npm name, version and licence of the plugin
 */
export function sbomOf(plugin: BundledPackage, bundled: readonly BundledPackage[]): Buffer {
  const root = componentOf(plugin, Enums.ComponentType.Application)
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: root }) })
  for (const one of bundled) {
    const component = componentOf(one, Enums.ComponentType.Library)
    bom.components.add(component)
    root.dependencies.add(component.bomRef)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return Buffer.from(`${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`)
}

function componentOf({ name, version, licence }: BundledPackage, type: Enums.ComponentType): Models.Component {
  const [, scope, plain] = /^(?:(@[^/]+)\/)?(.*)$/.exec(name) as unknown as [string, string | undefined, string]
  const purl = `pkg:npm/${scope ? `${encodeURIComponent(scope)}/` : ''}${plain}@${version}`
  const component = new Models.Component(type, plain, { version, purl, bomRef: purl, ...(scope && { group: scope }) })
  if (licence !== undefined) component.licenses.add(licences.makeFromString(licence))
  return component
}
