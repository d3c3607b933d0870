import type { Sentences } from './sentences.ts'

interface CanaryEnd {
  readonly minRequests: number
  readonly minSeconds: number
  readonly promote: string
}
interface Figures {
  readonly requests: number
  readonly failed: number
  /** Whole ms, or `none` without requests. */
  readonly p95: string
}

/** Versions on trial. */
export const trialSentences = {
  canary_percent: ({ percent, ...end }: CanaryEnd & { percent: number }) => trial(`${percent} % of people`, end),
  canary_regions: ({ regions, ...end }: CanaryEnd & { regions: readonly string[] }) =>
    trial(`people of ${regions.join(', ')}`, end),
  canary_people: ({ count, ...end }: CanaryEnd & { count: number }) => trial(`${count} named people`, end),
  canary_waits: ({ requests, seconds }: { requests: number; seconds: number }) =>
    `waits for ${[requests > 0 ? `${requests} more requests` : [], seconds > 0 ? `${seconds} more seconds` : []].flat().join(' and ')}`,
  canary_broken: () => 'too many requests failed or were too slow',
  canary_unwell: () => 'it says that it is unwell, and the version before does not',
  canary_screens: ({ failures, allowed }: { failures: number; allowed: number }) =>
    `${failures} failures of its screens, ${allowed} allowed`,
  canary_errors: ({ budget }: { budget: number }) => `errors above the budget of ${percent(budget)}`,
  canary_slow: ({ ratio }: { ratio: number }) => `slower than ${ratio} times the version before`,
  canary_within: () => 'within its budgets',
  canary_figures: ({
    seconds,
    requests,
    failed,
    p95,
    requestsBefore,
    failedBefore,
    p95Before,
  }: Figures & { seconds: number; requestsBefore: number; failedBefore: number; p95Before: string }) =>
    `${figures({ requests, failed, p95 })}; before: ${figures({ requests: requestsBefore, failed: failedBefore, p95: p95Before })}; after ${seconds} s`,
} satisfies Sentences

function trial(who: string, { minRequests, minSeconds, promote }: CanaryEnd): string {
  const end = promote === 'manual' ? 'then waits for somebody' : 'then for everybody'
  return `${who}; at least ${minRequests} requests and ${minSeconds} s, ${end}`
}

function figures({ requests, failed, p95 }: Figures): string {
  return `${requests} requests, ${percent(failed)} failed, p95 ${p95 === 'none' ? 'unknown' : `${p95} ms`}`
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`
}
