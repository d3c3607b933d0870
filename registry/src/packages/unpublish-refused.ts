import { Problem } from '@dcesop/sdk-plugin'

/** The answer to every attempt to take a version away. @param what package@version; npm names no version when it takes the last one away */
export function unpublishRefused(what: string): Problem {
  return new Problem(
    403,
    'unpublish_refused',
    `A published version is never removed. Yank it instead: dcesop yank ${what} --class withdrawn --reason "…"`,
  )
}
