import { Problem } from '../backend/problem.ts'
import type { PluginManifest } from '../manifest/types.ts'

/** @throws Error when the manifest does not list the secret */
export function requireSecretDeclared({ id, permissions }: PluginManifest, name: string): void {
  const isDeclared = permissions?.requests?.some(({ cap, resource }) => cap === 'secrets:use' && resource === name)
  if (!isDeclared)
    throw new Error(
      `Plugin "${id}" uses secret "${name}", which is not under permissions.requests of its manifest. Declare it there as secrets:use.`,
    )
}

/** Problem 503 `secret_unavailable`. @param cause why, when it is not that nobody gave it */
export function secretUnavailable(plugin: string, name: string, cause?: unknown): Problem {
  const detail = `Plugin "${plugin}" has not been given secret "${name}".`
  return new Problem(503, 'secret_unavailable', detail, cause === undefined ? {} : { cause })
}
