import { manifestSchema } from './schema/index.ts'

interface Node {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly examples?: readonly string[]
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly maxItems?: number
  readonly minItems?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
}

/** The reference of the manifest, from its schema: an index, a page for each field, and the schema itself; by file name. */
export function manifestPages(): ReadonlyMap<string, string> {
  const { properties, required } = manifestSchema as Node & typeof manifestSchema
  const fields = Object.entries(properties as Readonly<Record<string, Node>>).filter(([name]) => name !== '$schema')
  return new Map([
    ['plugin-manifest.v1.schema.json', `${JSON.stringify(manifestSchema, null, 2)}\n`],
    ['README.md', index(fields, required)],
    ...fields.map(([name, node]) => [`${name}.md`, page(name, node, required)] as const),
  ])
}

function index(fields: readonly (readonly [string, Node])[], required: readonly string[]): string {
  return `# Fields of \`dcesop.plugin.json\`

[plugin-manifest.v1.schema.json](plugin-manifest.v1.schema.json) is the JSON Schema; the SDK has it, too: with \`"$schema": "./node_modules/@dcesop/sdk-plugin/plugin-manifest.v1.schema.json"\`, as \`dcesop new\` writes it, an editor completes the fields, without a network. Fields that start with \`x-\` are notes of your own. Anything else is refused, at pack, publish and install alike.

${table(
  ['field', 'needed', 'what it is'],
  fields.map(([name, node]) => [`[${name}](${name}.md)`, required.includes(name) ? 'yes' : '', said(node)]),
)}
`
}

function page(name: string, node: Node, required: readonly string[]): string {
  const parts = rows(name, node)
  const needed = required.includes(name) ? 'Every manifest has it.' : 'May be left out.'
  const inner =
    parts.length === 0
      ? ''
      : `\n${table(
          ['field', 'needed', 'value', 'what it is'],
          parts.map((part) => [`\`${part.path}\``, part.needed ? 'yes' : '', value(part.node), said(part.node)]),
        )}\n`
  return `# \`${name}\`

${said(node)} ${needed}

Value: ${value(node)}
${inner}`
}

interface Row {
  readonly path: string
  readonly node: Node
  readonly needed: boolean
}

/** Every field below a node, depth first, with its path. */
function rows(path: string, node: Node): Row[] {
  const object = node.items ?? node
  const prefix = node.items ? `${path}[]` : path
  return Object.entries(object.properties ?? {}).flatMap(([name, child]) => [
    { path: `${prefix}.${name}`, node: child, needed: object.required?.includes(name) ?? false },
    ...rows(`${prefix}.${name}`, child),
  ])
}

function value(node: Node): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``
  if (node.enum) return node.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (node.type === 'array') return `list of ${plain(node.items)}${count(node)}`
  return plain(node) + range(node)
}

function plain(node: Node | undefined): string {
  if (node?.enum) return node.enum.map((one) => `\`${String(one)}\``).join(', ')
  if (node?.format) return { semver: 'version', 'semver-range': 'range of versions' }[node.format] ?? node.format
  if (node?.pattern) return `text like \`${node.pattern.replaceAll('|', '\\|')}\`, such as \`${node.examples?.[0]}\``
  if (node?.type === 'object' && typeof node.additionalProperties === 'object')
    return `object of ${plain(node.additionalProperties)} by name`
  return { string: 'text', integer: 'whole number', boolean: 'true or false' }[node?.type ?? ''] ?? String(node?.type)
}

function range({ minimum, maximum, maxLength }: Node): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maxLength === undefined ? '' : `, at most ${maxLength} characters`
}

function count({ minItems, maxItems }: Node): string {
  const least = minItems === undefined ? '' : `, at least ${minItems}`
  return maxItems === undefined ? least : `${least}, at most ${maxItems}`
}

function said({ description }: Node): string {
  if (description === undefined) throw new Error('Each field of the manifest is described.')
  return description
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
