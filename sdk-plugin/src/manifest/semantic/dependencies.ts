import semver from 'semver'
import { pluginId } from '../schema/names.ts'
import type { FindingCode } from '../../findings/finding-text.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'

const idForm = new RegExp(pluginId.pattern)

/** `regional-compliance@^2`: a plugin by id, in any version when none is named. */
export function requiredPlugins({ id, regions }: PluginManifest): ManifestFinding[] {
  return (regions?.requires ?? []).flatMap((text, index) => {
    const [, plugin = '', range] = /^([^@]*)(?:@(.*))?$/.exec(text) ?? []
    const pointer = `/regions/requires/${index}`
    if (!idForm.test(plugin)) return [finding('manifest-requires.id', pointer, { text, plugin })]
    if (plugin === id) return [finding('manifest-requires.itself', pointer, { text })]
    if (range === undefined || (range !== '' && semver.validRange(range) !== null)) return []
    return [finding('manifest-requires.range', pointer, { text, range })]
  })
}

export function conflictTargets({ id, conflicts, provides = {} }: PluginManifest): ManifestFinding[] {
  return (conflicts ?? []).flatMap(({ plugin, capability, range }, index) => {
    const provided = capability !== undefined && Object.hasOwn(provides, capability) ? provides[capability] : undefined
    const found = (code: FindingCode) => [finding(code, `/conflicts/${index}`, { number: index + 1 })]
    if ((plugin === undefined) === (capability === undefined)) return found('manifest-conflict.target')
    const isItself = plugin === id || (provided !== undefined && semver.satisfies(provided, range))
    return isItself ? found('manifest-conflict.itself') : []
  })
}

/** It would wait for itself. */
export function consumedOwn({ consumes, provides = {} }: PluginManifest): ManifestFinding[] {
  return (consumes ?? []).flatMap(({ capability }, index) => {
    if (!Object.hasOwn(provides, capability)) return []
    return [finding('manifest-consumes-own', `/consumes/${index}/capability`, { capability })]
  })
}
