import { availableParallelism } from 'node:os'

/** Runs jobs side by side, as many as the machine has processors; resolves with their results in order. */
export async function inParallel(jobs, limit = availableParallelism()) {
  const results = new Array(jobs.length)
  let next = 0
  const worker = async () => {
    for (let index = next++; index < jobs.length; index = next++) results[index] = await jobs[index]()
  }
  await Promise.all(Array.from({ length: Math.min(limit, jobs.length) }, worker))
  return results
}
