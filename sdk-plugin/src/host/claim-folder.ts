import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Disposable } from '../backend/disposable.ts'
import { lockFolder } from './lock-folder.ts'
import { makeFolder } from './make-folder.ts'

/**
 * Makes a product's data folder, writes a byte into it (what cannot be written later is told now), and keeps it for this process:
 * two in one folder would overwrite each other's state.
 * @param refuse makes the error from what is wrong, `cannot be written (…)` or `is in use by another process`
 */
export async function claimFolder(folder: string, refuse: (what: string) => Error): Promise<Disposable> {
  const trial = path.join(folder, `.trial-${process.pid}`)
  try {
    makeFolder(folder)
    writeFileSync(trial, '.')
    rmSync(trial)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw refuse(`cannot be written (${code ?? message})`)
  }
  const lock = await lockFolder(folder)
  if (!lock) throw refuse('is in use by another process')
  return lock
}
