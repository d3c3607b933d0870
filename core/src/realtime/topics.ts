import { type Disposable, type Identity, type RegionId, toDisposable } from '@dcesop/sdk-plugin'
import type { PolicyPort, RefusalReason } from '../ports.ts'
import type { ChannelName } from './channels.ts'

export type JoinCheck = (identity: Identity, region: RegionId, key: string) => Promise<boolean>

export interface TopicOptions {
  readonly permission: string
  /** Messages kept for replay in each channel. */
  readonly replay: number
  /** Action under which each subscription is on record. */
  readonly record?: string
}

/** Why somebody may not join: there is no such topic, the policy says no, or the plugin knows of no such key for them. */
export type NotJoined = 'topic' | RefusalReason | 'key'

/** Declared topics with who may join them. */
export class Topics {
  readonly #policy: PolicyPort
  readonly #declared = new Map<string, TopicOptions>()
  readonly #checks = new Map<string, JoinCheck>()

  constructor(policy: PolicyPort) {
    this.#policy = policy
  }

  /** A later declaration takes over (an upgraded plugin); disposing an earlier one then changes nothing. */
  declare(topic: string, options: TopicOptions): Disposable {
    this.#declared.set(topic, options)
    return toDisposable(() => {
      if (this.#declared.get(topic) === options) this.#declared.delete(topic)
    })
  }

  authorize(topic: string, check: JoinCheck): Disposable {
    this.#checks.set(topic, check)
    return toDisposable(() => {
      if (this.#checks.get(topic) === check) this.#checks.delete(topic)
    })
  }

  /** How the topic was declared; undefined for one that nobody declared. */
  get(topic: string): TopicOptions | undefined {
    return this.#declared.get(topic)
  }

  /** Whether the topic's permission holds in the region; false for a topic that nobody declared. */
  permits(identity: Identity, topic: string, region: RegionId): boolean {
    const options = this.#declared.get(topic)
    return options !== undefined && this.#policy.decide(identity, { permission: options.permission, region }).allowed
  }

  /** By the permission and, where the plugin gave one, its own check. @returns undefined for who may join */
  async whyNot(identity: Identity, { topic, region, key }: ChannelName): Promise<NotJoined | undefined> {
    const options = this.#declared.get(topic)
    if (!options) return 'topic'
    const decision = this.#policy.decide(identity, { permission: options.permission, region })
    if (!decision.allowed) return decision.reason
    const check = this.#checks.get(topic)
    return check === undefined || (await check(identity, region, key)) ? undefined : 'key'
  }
}
