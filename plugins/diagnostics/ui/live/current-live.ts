import { shallowRef } from 'vue'
import type { LiveView } from './types.ts'

/** The live view that the health panel shows now, for the badges of the same page: one request serves both. */
export const currentLive = shallowRef<LiveView>()
