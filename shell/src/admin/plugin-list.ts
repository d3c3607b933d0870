import type { ApiClient, Tone, ToldReason } from '@dcesop/sdk-plugin/ui'

export type Verb = 'install' | 'enable' | 'disable' | 'upgrade' | 'rollback'

/** A change that somebody may ask for; a version where the verb takes one. */
export interface Change {
  readonly verb: Verb
  readonly plugin: string
  readonly version?: string
  /** Revision of the plugin that the person saw. */
  readonly seen?: string | undefined
}

export interface InstalledPlugin extends ToldReason {
  readonly id: string
  /** Its name by locale. */
  readonly title?: Readonly<Record<string, string>>
  readonly version: string
  readonly state: string
  readonly enabled: boolean
  readonly since: string
  /** Of what is wanted of it; a host of before tells none. */
  readonly revision?: string | undefined
  /** The version that a rollback brings back. */
  readonly previous: string | null
  /** Packages of other versions in the store. */
  readonly otherVersions: readonly string[]
}

export interface PluginList {
  readonly plugins: readonly InstalledPlugin[]
  /** Packages of plugins that are not installed. */
  readonly installable: readonly { readonly id: string; readonly version: string }[]
}

interface ListAnswer {
  readonly plugins: readonly Omit<InstalledPlugin, 'previous' | 'otherVersions' | 'revision'>[]
  readonly packages: readonly { readonly id: string; readonly version: string }[]
}

export async function fetchPluginList(api: ApiClient, signal: AbortSignal, background: boolean): Promise<PluginList> {
  const { plugins, packages } = await api.get<ListAnswer>('/admin/plugins', { signal, background })
  const details = await Promise.all(
    plugins.map(({ id }) =>
      api.get<Pick<InstalledPlugin, 'previous' | 'revision'>>(`/admin/plugins/${id}`, { signal, background }),
    ),
  )
  const installed = new Set(plugins.map(({ id }) => id))
  return {
    plugins: plugins.map((plugin, at) => ({
      ...plugin,
      previous: details[at]?.previous ?? null,
      revision: details[at]?.revision,
      otherVersions: packages
        .filter(({ id, version }) => id === plugin.id && version !== plugin.version)
        .map(({ version }) => version),
    })),
    installable: packages.filter(({ id }) => !installed.has(id)),
  }
}

/** What may be asked of a plugin now. */
export function changesOf({ id, enabled, previous, otherVersions, revision }: InstalledPlugin): Change[] {
  const of = (verb: Verb, more: Partial<Change> = {}): Change => ({ verb, plugin: id, seen: revision, ...more })
  return [
    ...otherVersions.map((version) => of('upgrade', { version })),
    ...(previous === null ? [] : [of('rollback')]),
    of(enabled ? 'disable' : 'enable'),
  ]
}

/** A plugin that somebody switched off is told as that, and not as one that ended. */
export function stateOf({ state, enabled }: InstalledPlugin): string {
  return state === 'STOPPED' && !enabled ? 'DISABLED' : state
}

/** Whether its reason says more than its state. */
export function explains({ reason, causes }: InstalledPlugin): boolean {
  return Boolean(reason) && causes?.[0]?.code !== 'disabled'
}

export function toneOf(state: string): Tone {
  const tones: Readonly<Record<string, Tone>> = {
    active: 'ok',
    degraded: 'warn',
    draining: 'info',
    starting: 'info',
    failed: 'danger',
    rejected: 'danger',
    quarantined: 'danger',
  }
  return tones[state.toLowerCase()] ?? 'neutral'
}

export const requestChange = (api: ApiClient, { verb, plugin, version, seen }: Change) =>
  api.post(
    `/admin/plugins/${plugin}/${verb}`,
    version === undefined ? {} : { version },
    seen === undefined ? {} : { ifMatch: `"${seen}"` },
  )
