import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Job, Outcome, WorkerSetup } from './work.ts'

/** Drivers in threads of their own against one server. */
export class Workers {
  private readonly workers: Worker[] = []

  static async start(uri: string, count: number, connections: number, documents: number): Promise<Workers> {
    const all = new Workers()
    for (let i = 0; i < count; i++) {
      const workerData: WorkerSetup = { uri, documents, connections, offset: 10_000_000 * (i + 1) }
      const worker = new Worker(new URL('./work.ts', import.meta.url), { workerData })
      all.workers.push(worker)
      await once(worker, 'message')
    }
    return all
  }

  /** Divides the job's loops among the first `threads` workers; all of them begin together. */
  async run(job: Job, threads = 1): Promise<Outcome> {
    const outcomes = await Promise.all(
      this.workers
        .slice(0, threads)
        .map((worker) => this.ask(worker, { ...job, concurrency: job.concurrency / threads })),
    )
    return {
      operations: outcomes.reduce((sum, { operations }) => sum + operations, 0),
      seconds: Math.max(...outcomes.map(({ seconds }) => seconds)),
      latencies: outcomes.flatMap(({ latencies }) => latencies),
    }
  }

  /** Runs one job on the i-th worker alone. */
  runOn(index: number, job: Job): Promise<Outcome> {
    return this.ask(this.workers[index] as Worker, job)
  }

  async end(): Promise<void> {
    await Promise.all(
      this.workers.map(async (worker) => {
        const gone = once(worker, 'exit')
        worker.postMessage('end')
        await gone
      }),
    )
  }

  private async ask(worker: Worker, job: Job): Promise<Outcome> {
    worker.postMessage(job)
    const [outcome] = (await once(worker, 'message')) as [Outcome]
    return outcome
  }
}
