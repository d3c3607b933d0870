/** A package that another one bundles. */
export interface Component {
  readonly name: string
  readonly version: string
}

const most = 5000

/** The npm packages in a CycloneDX bill of materials, each once; none when there is no bill, or it cannot be read. */
export function componentsOf(bill: Buffer | undefined): Component[] {
  const found = new Map<string, Component>()
  for (const component of listIn(bill)) {
    const { name, version, group, purl } = component as Record<string, unknown>
    if (typeof name !== 'string' || typeof version !== 'string' || typeof purl !== 'string') continue
    if (!purl.startsWith('pkg:npm/')) continue
    const full = typeof group === 'string' && group !== '' ? `${group}/${name}` : name
    found.set(`${full}@${version}`, { name: full.slice(0, 214), version: version.slice(0, 128) })
  }
  return [...found.values()].slice(0, most)
}

function listIn(bill: Buffer | undefined): object[] {
  try {
    const { components } = JSON.parse(bill?.toString('utf8') ?? '{}') as { components?: unknown }
    return Array.isArray(components) ? components.filter((one) => typeof one === 'object' && one !== null) : []
  } catch {
    // A check of its own tells about a bill that cannot be read.
    return []
  }
}
