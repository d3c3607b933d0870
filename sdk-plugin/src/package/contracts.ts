import type { ErrorObject, ValidateFunction } from 'ajv'
import type { PluginManifest } from '../manifest/types.ts'
import { createAjv } from '../http/ajv.ts'
import type { Contract } from './contract.ts'
import { parseObject } from './content-rules.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

/** Where a package keeps what it relies on in capabilities, for the specs of those who provide them. */
const contractsFolder = 'contracts'

/** Registries keep all contracts of a version beside it. */
const mostBytes = 256 * 1024

const text = { type: 'string', minLength: 1 }
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['capability', 'range', 'consumer', 'interactions'],
  properties: {
    capability: text,
    range: text,
    consumer: text,
    interactions: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['method', 'arguments'],
        properties: {
          given: text,
          method: text,
          arguments: { type: 'array' },
          answers: {},
          schema: { type: 'object' },
          rejects: text,
        },
      },
    },
  },
}

const ajv = createAjv({ strict: true, allErrors: true })
let validate: ValidateFunction | undefined

/** Holds each contract of the package against the shape of contracts and against what the manifest says that the plugin consumes. */
export function contractFindings(
  files: ReadonlyMap<string, Buffer>,
  { id, consumes = [] }: Pick<PluginManifest, 'id' | 'consumes'>,
): PackageFinding[] {
  const bytes = contractFiles(files).reduce((sum, [, { length }]) => sum + length, 0)
  if (bytes > mostBytes)
    return [finding('contract-shape.size', { folder: `${contractsFolder}/`, bytes, most: mostBytes })]
  return contractFiles(files).flatMap(([path, content]) => {
    const contract = parseObject(content)
    if (!contract) return [finding('contract-shape.json', { path })]
    if (!path.endsWith('.json')) return [finding('contract-shape.name', { path })]
    validate ??= ajv.compile(schema)
    const why = validate(contract) ? unsoundSchema(contract as unknown as Contract) : sentencesOf(validate.errors)
    if (why !== undefined) return [finding('contract-shape.form', { path, why })]
    return manifestDiffers(path, contract as unknown as Contract, id, consumes)
  })
}

/** No answer keeps a contract whose schema is none. */
function unsoundSchema({ interactions }: Contract): string | undefined {
  for (const [at, { schema: needed }] of interactions.entries()) {
    try {
      if (needed) ajv.validateSchema(needed, true)
    } catch (error) {
      return `/interactions/${at}/schema: ${(error as Error).message}`
    }
  }
  return undefined
}

function sentencesOf(errors: ErrorObject[] | null | undefined): string {
  return (errors ?? []).map((one) => `${one.instancePath} ${one.message}`).join('; ')
}

/** What a package that passed its checks relies on in capabilities. */
export function contractsIn(files: ReadonlyMap<string, Buffer>): Contract[] {
  return contractFiles(files).flatMap(([, content]) => (parseObject(content) as Contract | undefined) ?? [])
}

function contractFiles(files: ReadonlyMap<string, Buffer>): (readonly [string, Buffer])[] {
  return [...files].filter(([path]) => path.startsWith(`${contractsFolder}/`))
}

function manifestDiffers(
  path: string,
  { capability, range, consumer }: Contract,
  id: string,
  consumes: NonNullable<PluginManifest['consumes']>,
): PackageFinding[] {
  const declared = consumes.find((one) => one.capability === capability)
  if (consumer !== id) return [finding('contract-manifest.consumer', { path, consumer, id })]
  if (!declared) return [finding('contract-manifest.capability', { path, capability })]
  if (declared.range === range) return []
  return [finding('contract-manifest.range', { path, range, declared: declared.range })]
}
