/** @throws Error that names the place in the manifest, as the host does, when the plugin uses what it did not declare */
export function requireDeclared(declared: Iterable<string>, name: string, where: string): void {
  if (!new Set(declared).has(name))
    throw new Error(`The plugin uses "${name}", which is not in ${where} of its manifest. Declare it there.`)
}
