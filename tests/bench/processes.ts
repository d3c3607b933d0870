import { readdirSync, readFileSync } from 'node:fs'

/** Processes that a process started itself (proc(5)); none where the system does not tell. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
      .filter((child) => child.trim() !== '')
      .map(Number)
  } catch (error) {
    // Of one that ends meanwhile there is nothing to read either.
    if (['ENOENT', 'ESRCH'].includes(String((error as NodeJS.ErrnoException).code))) return []
    throw error
  }
}

/** The same with all that these started in their turn. */
export function allBelow(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...allBelow(child)])
}
