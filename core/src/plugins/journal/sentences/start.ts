import type { Detail, Sentences, Version } from './sentences.ts'

const itself = ({ detail }: Detail) => detail

/** What keeps a version from its start. */
export const startSentences = {
  failed: itself,
  package_missing: ({ plugin, version }: Version) =>
    `The package of plugin "${plugin}" ${version} is not in the store. Upload it again.`,
  package_damaged: itself,
  config_invalid: itself,
  config_in_region: ({ region }: { region: string }) => `In region ${region}:`,
  config_scope_unknown: ({ plugin, version, scope }: Version & { scope: string }) =>
    `Plugin "${plugin}" ${version} lets its configuration differ by ${scope} (config.scopes), which this platform does not have. ` +
    'Install a version that asks for "global" and "region" only.',
  config_scope_undeclared: ({ plugin, version, scope }: Version & { scope: string }) =>
    `Plugin "${plugin}" ${version} does not let its configuration be set on the level "${scope}" (config.scopes). ` +
    'Take away what is set there, or set it on another level.',
  start_failed: ({ plugin, version, detail }: Version & Detail) =>
    `Plugin "${plugin}" ${version} failed to start: ${detail}`,
  not_started: ({ plugin, version }: Version) => `Plugin "${plugin}" ${version} failed to start:`,
  start_late: ({ limitMs }: { limitMs: number }) => `The plugin did not finish its start within ${limitMs} ms.`,
  on_host: ({ host }: { host: string }) => `On ${host}:`,
  hosts_silent: ({ hosts, seconds }: { hosts: readonly string[]; seconds: number }) =>
    `No answer from ${hosts.join(', ')} within ${seconds} s.`,
  migration_failed: ({
    name,
    plugin,
    version,
    step,
    region,
    detail,
  }: Version & Detail & Record<'name' | 'step' | 'region', string>) =>
    `Migration "${name}" of "${plugin}" ${version} failed to ${step} in ${region}: ${detail}`,
  migration_contracted: ({ name, by, plugin, version }: Version & Record<'name' | 'by', string>) =>
    `Migration "${name}" of version ${by} has removed what versions before it read; ` +
    `version ${version} of "${plugin}" does not know it. Install a version from ${by} on.`,
  migration_changed: ({ name, by, plugin, version }: Version & Record<'name' | 'by', string>) =>
    `Migration "${name}" of "${plugin}" ${version} is not the one that ran with version ${by}. ` +
    'A migration never changes: add one with the next number.',
} satisfies Sentences
