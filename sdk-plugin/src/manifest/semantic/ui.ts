import type { Options } from 'ajv/dist/2020.js'
import { reservedPaths } from '../../contracts/page-paths.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'
import { compileError } from './attempt.ts'

/** What the shell shows widgets at; the one name below `dashboard.` that there is. */
const dashboardPoint = 'dashboard.widget/v1'

/** The shell and the host answer there themselves. */
export function pagePaths({ ui }: PluginManifest): ManifestFinding[] {
  return (ui?.pages ?? []).flatMap(({ path }, index) => {
    const first = path.split('/')[1] ?? ''
    if (!reservedPaths.some((one) => one === first)) return []
    return [finding('manifest-page-path', `/ui/pages/${index}/path`, { path, first })]
  })
}

/** Those of the shell are its own to offer, and it has but one. */
export function pointNames({ ui }: PluginManifest): ManifestFinding[] {
  const taken = (ui?.points ?? []).flatMap(({ id }, index) => {
    if (!id.startsWith('dashboard.')) return []
    return [finding('manifest-reserved-point', `/ui/points/${index}/id`, { id })]
  })
  const unknown = (ui?.extensions ?? []).flatMap(({ point }, index) => {
    if (!point.startsWith('dashboard.') || point === dashboardPoint) return []
    return [finding('manifest-unknown-point', `/ui/extensions/${index}/point`, { point, known: dashboardPoint })]
  })
  return [...taken, ...unknown]
}

/** The shell holds contexts against them, so they must be schemas by themselves, with no reference to elsewhere. */
export function contextSchemas({ ui }: PluginManifest): ManifestFinding[] {
  return (ui?.points ?? []).flatMap(({ id, contextSchema }, index) => {
    if (!contextSchema) return []
    const pointer = `/ui/points/${index}/contextSchema`
    const { type } = contextSchema as { type?: unknown }
    if (type !== 'object') return [finding('manifest-context-schema.type', pointer, { id })]
    const wrong = compileError(contextSchema, schemaOptions)
    return wrong === undefined ? [] : [finding('manifest-context-schema', pointer, { id, why: wrong })]
  })
}

const schemaOptions: Options = { allowUnionTypes: true, validateFormats: false }

export function pointHeights({ ui }: PluginManifest): ManifestFinding[] {
  return (ui?.points ?? []).flatMap(({ id, minHeight = 0, maxHeight = minHeight }, index) => {
    if (minHeight <= maxHeight) return []
    return [finding('manifest-point-height', `/ui/points/${index}/minHeight`, { id })]
  })
}

/** Whatever the page may reach, data can leave by: the reviewer decides on it as on the way out of the backend. */
export function pageSources({ ui, permissions }: PluginManifest): ManifestFinding[] {
  const requests = permissions?.requests ?? []
  const asked = requests.flatMap(({ cap, resource }) => (cap === 'http:egress' ? [resource?.toLowerCase()] : []))
  return Object.entries(ui?.csp ?? {}).flatMap(([list, sources]) =>
    sources.flatMap((source, index) => {
      // Without a port that is the usual one, as in the request.
      const host = URL.canParse(source) ? new URL(source).host : undefined
      if (host !== undefined && asked.includes(host)) return []
      return [finding('manifest-csp', `/ui/csp/${list}/${index}`, { source, host: host ?? 'name' })]
    }),
  )
}
