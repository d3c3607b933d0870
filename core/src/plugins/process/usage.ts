import { readFileSync } from 'node:fs'

/** What a process and everything below it use. */
export interface Usage {
  readonly processes: number
  readonly residentMb: number
  /** Of a processor, by the main threads; Infinity where the system does not say. */
  readonly spentMs: number
}

/** Reads proc(5); undefined where the system has none or the process is gone. */
export function usageOf(pid: number): Usage | undefined {
  const status = read(`/proc/${pid}/status`)
  if (status === undefined) return undefined
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
  const children = (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter((child) => child.trim() !== '')
  const below = children.flatMap((child) => usageOf(Number(child)) ?? [])
  const spent = read(`/proc/${pid}/schedstat`)?.split(' ')[0]
  return {
    processes: below.reduce((sum, { processes }) => sum + processes, 1),
    residentMb: below.reduce((sum, { residentMb }) => sum + residentMb, own),
    spentMs: below.reduce((sum, { spentMs }) => sum + spentMs, spent === undefined ? Infinity : Number(spent) / 1e6),
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Gone meanwhile, or a system without proc(5).
    return undefined
  }
}
