import { join } from 'node:path'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { PluginHostDeps } from '../host-types.ts'
import type { Operations } from '../lifecycle/operations.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { boundNameOf } from './bound-name.ts'
import { RegistryClient } from './client.ts'
import { FollowedChannels } from './followed-channels.ts'
import { RegistryHttp } from './http.ts'
import { listedAs } from './findings.ts'
import { Installer } from './installer.ts'
import { Planner } from './planner.ts'
import { Registry } from './registry.ts'
import { ReleaseContents } from './release-contents.ts'
import { Releases } from './releases.ts'
import { Spool } from './spool.ts'
import { TrustState } from './trust-state.ts'

interface Lifecycle {
  readonly parts: LifecycleParts
  readonly operations: Operations
}

/** Undefined where none is configured. @throws StartRefused when what was seen of the registry before cannot be read */
export async function openRegistry(
  { registry: settings, clock, log, audit }: PluginHostDeps,
  folder: string,
  { parts, operations }: Lifecycle,
): Promise<Registry | undefined> {
  if (!settings) return undefined
  const { url } = settings
  const file = join(folder, 'registry', 'trust.json')
  const trust = await TrustState.open(file, settings, clock).catch((error: Error) => {
    throw new StartRefused(
      `${file} keeps which states of the registry were seen, and cannot be believed: ${error.message} Find out who changed it; without it, older states would be believed again.`,
    )
  })
  const http = url === null ? undefined : new RegistryHttp(url)
  const client = new RegistryClient(trust, { url, http, clock, log, audit })
  const { store, catalogue, engines, desired } = parts
  const channels = new FollowedChannels({ desired, trust, ofInstance: settings.channel })
  const installed = () => installedFrom(client, parts)
  const planner = new Planner({ client, settings, channels, engines, installed })
  const boundName = (plugin: string) => boundNameOf(parts, plugin)
  const releases = new Releases({ client, settings, channels, store, catalogue, clock, boundName })
  const installer = new Installer({ planner, releases, channels, operations, parts, log })
  const contents = new ReleaseContents(http, clock)
  const spool = await Spool.open(join(folder, 'registry', 'incoming'))
  const own = { planner, releases, installer, contents, spool }
  return new Registry({ settings, client, channels, ...own, operations, catalogue, clock })
}

/** A plugin of the same id that came another way is not the registry's to plan with. */
function installedFrom({ trust }: RegistryClient, { slots }: LifecycleParts) {
  const snapshot = trust.present?.snapshot
  return [...slots.values()].flatMap(({ active }) => {
    const listed = active && snapshot && listedAs(active.key.digest, snapshot)
    if (!listed) return []
    const disputed = listed.state === 'yanked' || (listed.flags ?? []).length > 0
    return [{ plugin: active.key.plugin, version: active.key.version, disputed }]
  })
}
