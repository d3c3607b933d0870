import { readdirSync, readFileSync } from 'node:fs'

/** Processor time that all threads of a process have used, µs (proc(5), schedstat); NaN where the system does not tell. */
export function processMicros(pid: number): number {
  try {
    let nanoseconds = 0
    for (const task of readdirSync(`/proc/${pid}/task`))
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0])
    return nanoseconds / 1000
  } catch (error) {
    // Of one that ends meanwhile there is nothing to read either.
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return Number.NaN
    throw error
  }
}
