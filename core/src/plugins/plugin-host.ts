import type { Disposable, Identity } from '@dcesop/sdk-plugin'
import { uiDirectory } from '@dcesop/sdk-plugin/contracts'
import { join } from 'node:path'
import { assembleHost, type Assembly } from './assemble.ts'
import { adminRoutes } from './administration/admin-routes.ts'
import { configRoutes } from './administration/config-routes.ts'
import { firstSettingsRoutes } from './administration/first-settings-routes.ts'
import { killSwitchRoutes } from './administration/kill-switch-routes.ts'
import { packageRoutes } from './administration/package-routes.ts'
import { registryDetailRoutes } from './administration/registry-detail-routes.ts'
import { registryRoutes } from './administration/registry-routes.ts'
import { watchPlugins } from './enforcement/watch.ts'
import type { Registry } from './registry/registry.ts'
import { DevSessions } from './dev/dev-sessions.ts'
import { devRoutes } from './dev/dev-routes.ts'
import { createDispatch } from './dispatch/dispatch.ts'
import { assetRoutes } from './feed/asset-routes.ts'
import { buildFeed, type UiSource } from './feed/build-feed.ts'
import { feedRoutes, mayOf } from './feed/feed-routes.ts'
import { pageSources } from './feed/page-sources.ts'
import { incidentRoutes } from './incidents/incident-routes.ts'
import { currentAttribution } from './generation/attribution.ts'
import { watchLoop } from './generation/loop-time.ts'
import type { RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import type { PluginHost, PluginHostDeps, PluginStatus, ServedRoute } from './host-types.ts'
import { boot } from './lifecycle/boot.ts'
import { join as joinOthers } from './lifecycle/join.ts'
import type { Waiting } from './safe-mode/safe-mode.ts'
import type { CatalogueEntry } from './store/catalogue.ts'
import { directorySource } from './store/package-source.ts'
import { containUncaught } from './uncaught.ts'
import { watchHealth } from './health/watch-health.ts'
import { housekeeping } from './housekeeping.ts'
import { layoutRegionOf, layoutRoutes } from './layout/layout-routes.ts'
import { Layouts } from './layout/layouts.ts'

/** Puts the plugin host together; nothing runs before `start`. */
export async function createPluginHost(deps: PluginHostDeps): Promise<PluginHost> {
  const assembly = await assembleHost(deps, join(deps.dataDir, 'plugins'))
  const { parts, operations, views, assets, revision, signer, registry, killSwitch, enforcer } = assembly
  const running: Disposable[] = []
  let started = false
  const dev = deps.devOverrides ? new DevSessions(parts, deps.audit) : undefined
  const overrideOf = (identity: Identity, plugin: string) => dev?.slotFor(identity, plugin)
  const sourcesOf = async (identity: Identity) => withOverrides(await uiSources(assembly, identity), identity, dev)
  const layouts = new Layouts(deps.data.core, deps.clock)
  const feedFor = async (identity: Identity) => {
    const region = layoutRegionOf(identity)
    const wanted = region === undefined ? {} : (await layouts.get(region)).points
    return buildFeed(revision.current, await sourcesOf(identity), mayOf(deps.policy, identity), wanted)
  }

  return {
    dispatch: createDispatch({ ...deps, slot: (plugin) => parts.slots.get(plugin), overrideOf }),
    routes: [
      adminRoutes({
        operations,
        views,
        policy: deps.policy,
        audit: deps.audit,
        stepUp: deps.stepUp,
        registry,
        desired: parts.desired,
        put: (tarball) => put(assembly, tarball, 'upload'),
      }),
      configRoutes({ ...deps, parts, exclusive: assembly.exclusive }),
      firstSettingsRoutes({ ...deps, parts, registry }),
      packageRoutes(parts),
      registryRoutes({ registry, enforcer, ranges: assembly.ranges, views, audit: deps.audit }),
      registryDetailRoutes({ ...parts, registry, audit: deps.audit, stepUp: deps.stepUp }),
      killSwitchRoutes({ killSwitch, enforcer, operations, parts, audit: deps.audit, stepUp: deps.stepUp }),
      feedRoutes(() => signer, feedFor),
      layoutRoutes({ layouts, policy: deps.policy, audit: deps.audit, changed: () => parts.changed() }),
      incidentRoutes(assembly.incidents, (incident, identity) => dev?.tellAuthor(incident, identity)),
      assetRoutes({
        find: async (plugin, slug) => dev?.assets(`/ui/${plugin}/${slug}/`) ?? assets.find(plugin, slug),
      }),
      devRoutes(dev),
    ],
    readiness: {
      name: 'plugins',
      check: () =>
        Promise.resolve({
          // The host serves what it has while a plugin is added, fails or waits.
          ready: started,
          detail: {
            plugins: assembly.status().map(toldOfPlugin),
            ...(registry ? { registry: toldToAll(registry) } : {}),
          },
        }),
    },
    feedKey: signer.publicKey,
    status: () => assembly.status(),
    pageSources: () => pageSources(parts.slots.values()),
    servedRoutes: () =>
      [...parts.slots.values()].flatMap(({ active }) => {
        if (!active) return []
        const open = active.routes.filter(({ declaration }) => !declaration.path.startsWith('/_'))
        return open.map(({ definition, declaration }) => served(active.key, definition, declaration))
      }),
    async start() {
      running.push(
        containUncaught(parts.log, (plugin) => parts.slots.get(plugin)?.charge(currentAttribution()?.version)),
      )
      running.push(
        parts.ports.leftovers.watch(),
        watchLoop((plugin, heldMs, version) => {
          chargeLoop(deps, plugin, heldMs)
          parts.slots.get(plugin)?.held(heldMs, version)
        }),
      )
      await assembly.prepare()
      if (deps.packagesDir !== undefined) await putBundled(assembly, deps.packagesDir)
      await registry?.refreshWithin(bootPatienceMs)
      const waiting = await begin(assembly, deps.firstInstall)
      running.push(assembly.follower.start(), assembly.safeMode.addOneByOne(waiting), assembly.safeMode.watch())
      running.push(housekeeping(assembly, deps.rollbackWindowsMs), assembly.canaries.start())
      running.push(watchHealth(parts.slots, parts.log))
      running.push(watchPlugins(enforcer, assembly.ranges, registry, deps.log))
      if (assembly.reports) running.push(assembly.reports.start(deps.reportsMs))
      if (dev) running.push(dev.watch())
      started = true
    },
    async stop() {
      started = false
      for (const disposable of running.splice(0).reverse()) await disposable.dispose()
      await assembly.shutDown()
      await assembly.safeMode.end()
    },
  }
}

/** Beside other hosts this one takes over what they run; alone it brings up what should run. @returns what safe mode adds afterwards */
async function begin(
  { parts, exclusive, newSlot, safeMode, follower }: Assembly,
  firstInstall: PluginHostDeps['firstInstall'],
): Promise<readonly Waiting[]> {
  await follower.tell()
  if ((await parts.nodes.others()).length === 0) return boot(parts, exclusive, firstInstall, newSlot, safeMode)
  await safeMode.begin()
  await joinOthers(parts, newSlot)
  await follower.look()
  return []
}

/** How long a start waits for news of the registry; without any, it goes by what was known. */
const bootPatienceMs = 3000

/** Readiness is public: no version, no address, no reason. */
function toldOfPlugin({ id, state, enabled, since }: PluginStatus) {
  return { id, state, enabled, since }
}

function toldToAll({ client }: Registry) {
  const { reachable, snapshot, age, stale } = client.status()
  return { reachable, snapshot, age, stale }
}

/** Long enough for people to notice. */
const noticedMs = 200

function chargeLoop({ log, observeLoop }: PluginHostDeps, plugin: string, heldMs: number): void {
  observeLoop?.(plugin, heldMs / 1000)
  if (heldMs >= noticedMs)
    log.warn({ plugin, heldMs: Math.round(heldMs) }, 'a plugin held the event loop: nobody else was served meanwhile')
}

type Key = { readonly plugin: string; readonly version: string }

function served(
  { plugin, version }: Key,
  definition: Omit<ServedRoute, 'plugin' | 'version' | 'permission'>,
  { permission, accepts }: RouteDeclaration,
): ServedRoute {
  const { method, path, summary, params, query, body, responses } = definition
  return {
    plugin,
    version,
    method,
    path: path === '/' ? `/api/plugins/${plugin}` : `/api/plugins/${plugin}${path}`,
    summary,
    permission,
    ...(params ? { params } : {}),
    ...(query ? { query } : {}),
    ...(body ? { body } : {}),
    ...(accepts ? { contentTypes: accepts } : {}),
    ...(responses ? { responses } : {}),
  }
}

async function put({ parts }: Assembly, tarball: Buffer, source: 'bundled' | 'upload') {
  return parts.catalogue.add(await parts.store.put(tarball), source, parts.clock.now())
}

/** A bundled package that does not pass the checks is reported and left out; the others are installed. */
async function putBundled(assembly: Assembly, folder: string): Promise<void> {
  for await (const { file, content } of directorySource(folder).tarballs()) {
    try {
      await put(assembly, content, 'bundled')
    } catch (error) {
      assembly.parts.log.error({ err: error, file }, 'a bundled plugin package was refused')
    }
  }
}

/** What the person develops stands in for what is installed. */
function withOverrides(sources: UiSource[], identity: Identity, dev: DevSessions | undefined): UiSource[] {
  const own = (dev?.overridesOf(identity) ?? []).flatMap(({ slot, assets }): UiSource[] => {
    const { active, state, since } = slot
    return active ? [{ manifest: active.manifest, state, since: since.toISOString(), assets, dev: true }] : []
  })
  const replaced = new Set(own.map(({ manifest }) => manifest.id))
  return [...sources.filter(({ manifest }) => !replaced.has(manifest.id)), ...own]
}

const directoryOf = ({ manifest: { id, version }, digest }: CatalogueEntry) => uiDirectory(id, version, digest)

/** The generation that serves this person is also the one whose screens they get. */
async function uiSources({ parts, assets, enforcer }: Assembly, identity: Identity): Promise<UiSource[]> {
  const slots = [...parts.slots.values()]
  const outOfUse = await enforcer.withdrawn()
  return (
    await Promise.all(
      slots.map(async (slot): Promise<UiSource[]> => {
        const { id, state } = slot
        const since = slot.since.toISOString()
        const serving = slot.servingFor(identity)?.generation
        if (serving) {
          const withdrawn = outOfUse.filter(({ manifest }) => manifest.id === id).map(directoryOf)
          return [{ manifest: serving.manifest, state, since, assets: await assets.add(serving.opened), withdrawn }]
        }
        const desired = await parts.desired.get(id)
        const entry = desired && (await parts.catalogue.byDigest(desired.digest))
        // It runs, but not in the person's region.
        const elsewhere = slot.generations.length > 0
        const shown = elsewhere ? { state: 'STOPPED' } : { state, cause: slot.why?.causes?.[0]?.code }
        return entry ? [{ manifest: entry.manifest, ...shown, since }] : []
      }),
    )
  ).flat()
}
