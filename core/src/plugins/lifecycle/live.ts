import type { Generation } from '../generation/generation.ts'
import { sameGeneration } from './lookup.ts'
import type { Slot } from './slot.ts'

/** Whether the same version serves elsewhere too: its rows are written by the first that comes and the last that goes. */
export function isLive(slot: Slot | undefined, generation: Pick<Generation, 'key'>): boolean {
  return slot?.generations.some((one) => one !== generation && sameGeneration(one.key, generation.key)) ?? false
}
