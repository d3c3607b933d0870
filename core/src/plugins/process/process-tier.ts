import type { GivenConfig } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { Container } from 'inversify'
import { bindLog } from '../generation/bind-log.ts'
import type { Generation } from '../generation/generation.ts'
import type { HostPorts } from '../generation/handles.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { Log } from '../../ports.ts'
import type { OpenedPackage } from '../store/package-store.ts'
import { type ControlGroups, findControlGroups } from './control-groups.ts'
import { isolationOf, type IsolationPolicy } from './isolation.ts'
import { type GaveUp, ProcessGeneration } from './process-generation.ts'
import { Launcher } from './launcher/launcher.ts'
import { sweepPrivateFolders } from './private-folder.ts'
import { findSandbox, type Sandbox } from './sandbox.ts'

/** Generations in processes of their own. */
export class ProcessTier {
  readonly #policy: IsolationPolicy
  readonly #log: Log
  readonly #gaveUp: GaveUp
  readonly #mostEnds: number | undefined
  readonly #launcher = new Launcher()
  #walls: Promise<[Sandbox, ControlGroups]> | undefined

  /**
   * @param gaveUp told of a generation whose process ended too often
   * @param mostEnds until then it is started again
   */
  constructor(policy: IsolationPolicy, log: Log, gaveUp: GaveUp, mostEnds?: number) {
    this.#policy = policy
    this.#log = log
    this.#gaveUp = gaveUp
    this.#mostEnds = mostEnds
  }

  takes(manifest: PluginManifest): boolean {
    return isolationOf(manifest, this.#policy) === 'process'
  }

  /** @throws Error when the plugin does not start */
  async start(
    { plugin, version, digest, configRevision }: GenerationKey,
    opened: OpenedPackage,
    config: GivenConfig,
    ports: HostPorts,
    parent: Container,
  ): Promise<Generation> {
    this.#walls ??= this.#findWalls()
    const [sandbox, groups] = await this.#walls
    const log = bindLog(ports.log, { plugin, version })
    const parts = { opened, config, ports, parent, log, launcher: this.#launcher, sandbox, groups }
    return ProcessGeneration.start({ plugin, version, digest, configRevision }, parts, this.#gaveUp, this.#mostEnds)
  }

  /** Once its generations are stopped. */
  close(): void {
    this.#launcher.close()
  }

  async #findWalls(): Promise<[Sandbox, ControlGroups]> {
    await sweepPrivateFolders()
    return [await findSandbox(this.#launcher, this.#log), await findControlGroups(this.#log)]
  }
}
