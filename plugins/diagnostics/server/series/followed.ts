import type { Stores } from '../stores.ts'

/** Up to which arrival the samples of a region were followed, ms since the epoch; 0 before the first. */
export async function followedTo({ progress }: Stores): Promise<number> {
  return (await progress.findOne({ _id: 'samples' }))?.at.getTime() ?? 0
}
