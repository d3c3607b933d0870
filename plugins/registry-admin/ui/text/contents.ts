import type { StoredVersion } from '../api/host-answers.ts'
import type { OfferedVersion } from '../api/registry-answers.ts'

/** What a version brings; null where neither this host nor the registry tells. */
export interface Contents {
  readonly kinds: readonly ('ui' | 'backend')[] | null
  /** Of its files, unpacked. */
  readonly bytes: number | null
}

/** As this host has it, or else as the registry says. */
export function contentsOf(
  stored: StoredVersion | null | undefined,
  offered: OfferedVersion | null | undefined,
): Contents {
  return { kinds: stored?.kinds ?? offered?.kinds ?? null, bytes: stored?.bytes ?? offered?.bytes ?? null }
}
