import type { Plugin, Sentences, Version } from './sentences.ts'

const engines: Readonly<Record<string, string>> = { dcesop: 'the host', sdk: 'the SDK', node: 'Node.js' }

interface Needed extends Version {
  readonly capability: string
  readonly range: string
  readonly provider: string
}

/** What plugins need of each other. */
export const dependencySentences = {
  plugin_missing: ({ plugin }: Plugin) =>
    `Plugin "${plugin}" should run, but no package of it is in the store. Upload one, or take the plugin out of the desired state.`,
  engine_mismatch: ({
    plugin,
    version,
    engine,
    range,
    present,
  }: Version & Record<'engine' | 'range' | 'present', string>) =>
    `Plugin "${plugin}" ${version} needs ${engines[engine]} in version ${range}, but this is ${present}. ` +
    `Install a version of "${plugin}" made for ${present}, or change the host.`,
  capability_missing: ({
    plugin,
    version,
    capability,
    range,
    provider,
    why,
  }: Needed & { why: 'nobody' | 'refused' | 'off' }) =>
    `Plugin "${plugin}" ${version} needs capability "${capability}" in version ${range}, but ${
      why === 'nobody'
        ? 'no plugin in the store provides it. Upload and install one that does.'
        : why === 'refused'
          ? `its provider "${provider}" was refused itself. Mend "${provider}" first.`
          : `its provider "${provider}" is not enabled. Enable "${provider}" first.`
    }`,
  capability_out_of_range: ({
    plugin,
    version,
    capability,
    range,
    provider,
    providerVersion,
    offered,
  }: Needed & Record<'providerVersion' | 'offered', string>) =>
    `Plugin "${plugin}" ${version} needs capability "${capability}" in version ${range}, but "${provider}" ${providerVersion} provides version ${offered}. ` +
    `Install a version of "${provider}" that provides ${range}, or another version of "${plugin}".`,
  duplicate_provider: ({ plugin, version, capability, provider }: Omit<Needed, 'range'>) =>
    `Plugin "${plugin}" ${version} provides "${capability}", but "${provider}" provides it already and a capability has one provider. ` +
    `Disable "${provider}" first, or do not enable "${plugin}".`,
  conflict: ({
    plugin,
    version,
    other,
    otherVersion,
    why,
    range,
  }: Version & Record<'other' | 'otherVersion' | 'why' | 'range', string>) =>
    `Plugin "${plugin}" ${version} cannot run beside "${other}" ${otherVersion}: ${why} ` +
    `Disable "${other}", or install a version of it outside ${range}.`,
  cycle: ({ plugin, version, loop }: Version & { loop: string }) =>
    `Plugin "${plugin}" ${version} waits for itself: ${loop.replaceAll(' → ', ' needs ')}. ` +
    'Make one of these capabilities optional, or leave one of the plugins out.',
} satisfies Sentences
