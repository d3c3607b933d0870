/** A package that another one bundles. */
export interface Component {
  readonly name: string
  readonly version: string
}

/** With the licences that the bill states, SPDX ids, expressions or names; any of them is enough. */
export interface LicensedComponent extends Component {
  readonly licences: readonly string[]
}

export const sbomPath = 'sbom.cdx.json'
const most = 5000

/** The npm packages in a CycloneDX bill of materials, each once; none when there is no bill, or it cannot be read. */
export function componentsOf(bill: Buffer | undefined): LicensedComponent[] {
  const found = new Map<string, LicensedComponent>()
  for (const component of listIn(bill)) {
    const { version, purl, licenses } = component as Record<string, unknown>
    const name = packageName(component)
    if (name === undefined || typeof version !== 'string' || typeof purl !== 'string') continue
    if (!purl.startsWith('pkg:npm/')) continue
    found.set(`${name}@${version}`, {
      name: name.slice(0, 214),
      version: version.slice(0, 128),
      licences: licencesIn(licenses),
    })
  }
  return [...found.values()].slice(0, most)
}

/** As npm says it, undefined for a component without a name. */
export function packageName(component: object): string | undefined {
  const { name, group } = component as Record<string, unknown>
  if (typeof name !== 'string' || name === '') return undefined
  return typeof group === 'string' && group !== '' ? `${group}/${name}` : name
}

function licencesIn(licenses: unknown): string[] {
  const entries: unknown[] = Array.isArray(licenses) ? licenses : []
  return entries.flatMap((entry) => {
    const { expression, license } = (entry ?? {}) as {
      expression?: unknown
      license?: { id?: unknown; name?: unknown }
    }
    const told = expression ?? license?.id ?? license?.name
    return typeof told === 'string' && told !== '' ? [told.slice(0, 200)] : []
  })
}

function listIn(bill: Buffer | undefined): object[] {
  try {
    const { components } = JSON.parse(bill?.toString('utf8') ?? '{}') as { components?: unknown }
    return Array.isArray(components) ? components.filter((one) => typeof one === 'object' && one !== null) : []
  } catch {
    // The check of the bill tells about one that cannot be read.
    return []
  }
}
