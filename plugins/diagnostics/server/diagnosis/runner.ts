import type { Disposable } from '@dcesop/sdk-plugin'
import type { ServiceRecord, TimelineEntryAdded } from '@dcesop/sdk-plugin/contracts'
import type { Services } from '../services.ts'
import type { Stores } from '../stores.ts'
import { conclude, type DecidedStep } from './conclude.ts'
import {
  stepIds,
  type DiagnosisDocument,
  type DiagnosisResult,
  type Step,
  type StepId,
  type StepOutcome,
} from './document.ts'
import { Gatherer } from './gather.ts'
import { historyTitle } from './history-title.ts'
import { decide } from './steps.ts'

/** Its keys are ids of diagnoses. */
export const diagnosisTopic = 'diagnostics.diagnosis'
const totalMs = 9_000
const stoppedId = 'step.stopped'

/** Runs diagnoses in the background: step after step, each stored and pushed, until the first cause. */
export class DiagnosisRunner implements Disposable {
  readonly #services: Services
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(services: Services) {
    this.#services = services
  }

  /** Starts the stored diagnosis; its end is seen in the store and on the topic. */
  start(stores: Stores, diagnosis: DiagnosisDocument, service: ServiceRecord): void {
    const run = this.#run(stores, diagnosis, service)
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return
        this.#services.log.error({ err: error, diagnosis: diagnosis._id }, 'A diagnosis broke off')
      })
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  async dispose(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#running)
  }

  async #run(stores: Stores, diagnosis: DiagnosisDocument, service: ServiceRecord): Promise<void> {
    const gatherer = new Gatherer(this.#services, stores, service)
    const deadline = AbortSignal.timeout(totalMs)
    const signal = AbortSignal.any([deadline, this.#stop.signal])
    const decided: DecidedStep[] = []
    for (const id of stepIds) {
      const startedAt = this.#services.now()
      const found = decided.some(({ outcome }) => outcome.status === 'fail')
      if (!found && !deadline.aborted) await this.#show(stores, diagnosis, { id, status: 'running', startedAt })
      const outcome = found ? skippedOutcome : await this.#decide(gatherer, id, signal, deadline)
      decided.push({ id, outcome })
      await this.#show(stores, diagnosis, { id, ...outcome, startedAt, endedAt: this.#services.now() })
    }
    await this.#finish(stores, diagnosis, conclude(decided))
  }

  async #decide(gatherer: Gatherer, id: StepId, signal: AbortSignal, deadline: AbortSignal): Promise<StepOutcome> {
    this.#stop.signal.throwIfAborted()
    if (deadline.aborted) return { status: 'timeout', messageId: 'step.timeout' }
    try {
      return decide[id](await gatherer.factsFor(id, signal))
    } catch (error) {
      if (deadline.aborted && !this.#stop.signal.aborted) return { status: 'timeout', messageId: 'step.timeout' }
      throw error
    }
  }

  async #show(stores: Stores, { _id }: DiagnosisDocument, step: Step): Promise<void> {
    const index = stepIds.indexOf(step.id)
    await stores.diagnoses.updateOne({ _id }, { $set: { [`steps.${index}`]: step } })
    this.#services.context.realtime.publish(diagnosisTopic, {
      region: stores.region,
      key: _id,
      payload: { id: _id, step },
    })
  }

  async #finish(stores: Stores, diagnosis: DiagnosisDocument, result: DiagnosisResult): Promise<void> {
    const { _id, customerId } = diagnosis
    const endedAt = this.#services.now()
    await stores.diagnoses.updateOne({ _id }, { $set: { result, endedAt } })
    const payload = { id: _id, result, endedAt }
    this.#services.context.realtime.publish(diagnosisTopic, { region: stores.region, key: _id, payload })
    const entry = {
      id: _id,
      at: endedAt.toISOString(),
      kind: 'diagnosis',
      channel: 'system' as const,
      ...historyTitle(result.messageId),
    }
    await this.#services.context.events.publish<TimelineEntryAdded>({
      topic: 'customers.timeline-entry/v1',
      region: stores.region,
      key: customerId,
      payload: { customerId, entry },
    })
  }
}

const skippedOutcome: StepOutcome = { status: 'skipped', messageId: stoppedId }
