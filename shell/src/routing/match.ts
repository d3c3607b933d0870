import { match } from 'path-to-regexp'

/** Matches a location's path with a page's pattern, for example `/customers/:region/:id`; values come decoded. */
export type PathMatcher = (path: string) => Readonly<Record<string, string>> | undefined

/** @throws TypeError for a pattern that path-to-regexp cannot read */
export function pathMatcher(pattern: string): PathMatcher {
  const matches = match<Record<string, string>>(pattern)
  return (path) => {
    try {
      const found = matches(path)
      return found === false ? undefined : Object.freeze({ ...found.params })
    } catch (error) {
      if (error instanceof URIError || (error instanceof Error && /decode/i.test(error.message))) return undefined
      throw error
    }
  }
}

/** The query of a location; of repeated names the last one counts. */
export function queryOf(search: string): Readonly<Record<string, string>> {
  return Object.freeze(Object.fromEntries(new URLSearchParams(search)))
}

/** Whether a path is inside the shell: one slash at the start, same origin, no other scheme. */
export function isInternalPath(path: string, origin: string): boolean {
  return /^\/(?![/\\])/.test(path) && new URL(path, origin).origin === origin
}
