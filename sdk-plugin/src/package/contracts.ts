import type { PluginManifest } from '../manifest/types.ts'
import { createAjv } from '../http/ajv.ts'
import type { Contract } from './contract.ts'
import { noObject, parseObject } from './content-rules.ts'
import type { PackageFinding } from './findings.ts'

/** Where a package keeps what it relies on in capabilities, for the specs of those who provide them. */
const contractsFolder = 'contracts'

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

let validate: ReturnType<ReturnType<typeof createAjv>['compile']> | undefined

/** Holds each contract of the package against the shape of contracts and against what the manifest says that the plugin consumes. */
export function contractFindings(
  files: ReadonlyMap<string, Buffer>,
  { id, consumes = [] }: Pick<PluginManifest, 'id' | 'consumes'>,
): PackageFinding[] {
  return [...files].flatMap(([path, content]) => {
    if (!path.startsWith(`${contractsFolder}/`)) return []
    const shape = (what: string) => [
      {
        rule: 'contract-shape',
        evidence: `"${path}" ${what}.`,
        fix: 'Write it as a Contract of "@dcesop/sdk-plugin/testing" in a JSON file.',
      },
    ]
    const contract = parseObject(content)
    if (!contract || !path.endsWith('.json')) return shape(contract ? 'is no JSON file by its name' : noObject)
    validate ??= createAjv({ strict: true, allErrors: true }).compile(schema)
    if (!validate(contract))
      return shape(`is no contract: ${validate.errors?.map((one) => `${one.instancePath} ${one.message}`).join('; ')}`)
    return manifestDiffers(path, contract as unknown as Contract, id, consumes)
  })
}

function manifestDiffers(
  path: string,
  { capability, range, consumer }: Contract,
  id: string,
  consumes: NonNullable<PluginManifest['consumes']>,
): PackageFinding[] {
  const declared = consumes.find((one) => one.capability === capability)
  const wrong =
    consumer !== id
      ? `is of "${consumer}", and the plugin is "${id}"`
      : declared === undefined
        ? `is about "${capability}", which the manifest does not consume`
        : declared.range !== range
          ? `is about ${range}, and the manifest consumes ${declared.range}`
          : undefined
  if (wrong === undefined) return []
  return [{ rule: 'contract-manifest', evidence: `"${path}" ${wrong}.`, fix: 'Make contract and manifest agree.' }]
}
