import { readFileSync } from 'node:fs'
import { report } from './report.ts'

/** Resident set of a process in MiB, from /proc; NaN where the system has none. */
export function residentMiB(pid: number | undefined): number {
  try {
    const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kib) / 1024
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Number.NaN
    throw error
  }
}

export function reportMemory(name: string, pid: number | undefined, baseline?: number): number {
  const value = residentMiB(pid)
  if (!Number.isNaN(value)) report({ name, value, unit: 'MiB', ...(baseline !== undefined && { baseline }) })
  return value
}
