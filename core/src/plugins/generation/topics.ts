import { type Disposable, type Identity, type RealtimePort, toDisposable } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { isDeepStrictEqual } from 'node:util'
import type { RealtimeHub } from '../../ports.ts'
import { runAs } from './attribution.ts'

type TopicDeclaration = NonNullable<PluginManifest['realtime']>[number]
type Check = (identity: Identity, region: string, key: string) => Promise<boolean>

interface Declared {
  readonly options: Parameters<RealtimeHub['declare']>[1]
  readonly registration: Disposable
}

const defaultReplay = 100

/**
 * Realtime topics of the plugins. A topic stays declared at the hub through an upgrade, so that sockets keep their
 * subscriptions; what a generation adds to it changes hands at the swap.
 */
export class Topics {
  readonly #hub: RealtimeHub
  readonly #declared: Map<string, Declared>
  /** By topic; of a version that serves some regions only, by topic and region. */
  readonly #checks: Map<string, Check>
  readonly #regions: readonly string[] | undefined

  /** @param regions for whose generations this is; all when left out */
  constructor(hub: RealtimeHub, regions?: readonly string[], shared?: Topics) {
    this.#hub = hub
    this.#regions = regions
    this.#declared = shared ? shared.#declared : new Map<string, Declared>()
    this.#checks = shared ? shared.#checks : new Map<string, Check>()
  }

  /** The same topics, for generations that serve some regions only. */
  in(regions: readonly string[]): Topics {
    return new Topics(this.#hub, regions, this)
  }

  /** Makes the hub know the topics of the generation that takes over, with the topics' own checks. */
  async take(manifest: PluginManifest, checks: ReadonlyMap<string, Check>): Promise<void> {
    const topics = manifest.realtime ?? []
    // What another region's version declares beside it stays.
    if (!this.#regions) await this.release(manifest.id, new Set(topics.map(({ topic }) => topic)))
    for (const declaration of topics) {
      const { topic } = declaration
      const check = checks.get(topic)
      for (const name of this.#regions?.map((region) => `${topic}|${region}`) ?? [topic])
        if (check) this.#checks.set(name, check)
        else this.#checks.delete(name)
      await this.#declare(declaration)
    }
  }

  /** Takes back the plugin's topics, except those in `kept`. */
  async release(plugin: string, kept: ReadonlySet<string> = new Set()): Promise<void> {
    for (const [topic, { registration }] of this.#declared) {
      if (!topic.startsWith(`${plugin}.`) || kept.has(topic)) continue
      this.#declared.delete(topic)
      for (const name of this.#checks.keys())
        if (name === topic || name.startsWith(`${topic}|`)) this.#checks.delete(name)
      await registration.dispose()
    }
  }

  /** The realtime port of one generation. Its checks count once it takes over. */
  port(manifest: PluginManifest, checks: Map<string, Check>): RealtimePort {
    const { id: plugin, version } = manifest
    const topics = new Set(manifest.realtime?.map(({ topic }) => topic))
    const own = (topic: string) => {
      if (topics.has(topic)) return topic
      throw new Error(
        `Plugin "${plugin}" uses realtime topic "${topic}", which is not in realtime of its manifest. Declare it there.`,
      )
    }
    return {
      publish: (topic, message) => this.#hub.publish(own(topic), message),
      subscribers: (topic, region, key) => this.#hub.subscribers(own(topic), region, key),
      subscribedKeys: (topic, region) => this.#hub.subscribedKeys(own(topic), region),
      authorize(topic, check) {
        checks.set(own(topic), (identity, region, key) =>
          runAs({ plugin, version }, () => check(identity, region, key)),
        )
        return toDisposable(() => void checks.delete(topic))
      },
    }
  }

  async #declare({ topic, replay = defaultReplay, ...said }: TopicDeclaration): Promise<void> {
    const known = this.#declared.get(topic)
    const options = { ...said, replay }
    if (isDeepStrictEqual(known?.options, options)) return
    await known?.registration.dispose()
    const declared = this.#hub.declare(topic, options)
    const guarded = this.#hub.authorize(topic, (identity, region, key) => this.#may(topic, identity, region, key))
    const registration = toDisposable(async () => {
      await guarded.dispose()
      await declared.dispose()
    })
    this.#declared.set(topic, { options, registration })
  }

  /** Without a check of the plugin's own: the topic's permission and the identity's regions. */
  async #may(topic: string, identity: Identity, region: string, key: string): Promise<boolean> {
    const permission = this.#declared.get(topic)?.options.permission
    if (permission === undefined || !identity.permissions.has(permission) || !identity.regions.includes(region))
      return false
    const check = this.#checks.get(`${topic}|${region}`) ?? this.#checks.get(topic)
    return (await check?.(identity, region, key)) ?? true
  }
}
