/** Id of a plugin in an address or a body. Wider than that of manifests: what no plugin can have is not found. */
export const pluginId = { type: 'string', pattern: '^[a-z][a-z0-9-]*$', maxLength: 40 } as const

/** A version that is looked up, not read. */
export const version = { type: 'string', minLength: 1, maxLength: 60 } as const

/** A channel of the registry. */
export const channel = { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' } as const

/** An object that takes no other members. @param required all of them when left out */
export function closed(properties: Record<string, object>, required: readonly string[] = Object.keys(properties)) {
  return { type: 'object', additionalProperties: false, required: [...required], properties } as const
}
