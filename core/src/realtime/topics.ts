import { type Disposable, type Identity, type RegionId, toDisposable } from '@dcesop/sdk-plugin'
import type { PolicyPort } from '../ports.ts'

export type JoinCheck = (identity: Identity, region: RegionId, key: string) => Promise<boolean>

export interface TopicOptions {
  readonly permission: string
  /** Messages kept for replay in each channel. */
  readonly replay: number
  /** Action under which each subscription is on record. */
  readonly record?: string
}

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
    return options !== undefined && this.#policy.allows(identity, { permission: options.permission, region })
  }

  /** The permission and, where the plugin gave one, its own check. */
  async mayJoin(identity: Identity, topic: string, region: RegionId, key: string): Promise<boolean> {
    if (!this.permits(identity, topic, region)) return false
    const check = this.#checks.get(topic)
    return check === undefined || check(identity, region, key)
  }
}
