import type { ErrorObject } from 'ajv/dist/2020.js'
import { memberPointer } from './json-pointer.ts'
import { nearest } from './nearest.ts'
import { manifestSchema } from './schema/index.ts'
import type { FindingCode } from '../findings/finding-text.ts'
import { finding } from './finding.ts'
import type { ManifestFinding } from './types.ts'

/** What the limits of these keywords say; what others say is left to the validator. */
const limits: Readonly<Record<string, FindingCode>> = {
  type: 'manifest-shape.type',
  pattern: 'manifest-shape.pattern',
  format: 'manifest-shape.format',
  minLength: 'manifest-shape.min-length',
  maxLength: 'manifest-shape.max-length',
  minItems: 'manifest-shape.min-items',
  maxItems: 'manifest-shape.max-items',
  minimum: 'manifest-shape.minimum',
  maximum: 'manifest-shape.maximum',
  uniqueItems: 'manifest-shape.unique-items',
  const: 'manifest-shape.constant',
}

/** What the schema found, for who wrote the manifest. @param error of an Ajv that is `verbose` */
export function shapeFinding(error: ErrorObject): ManifestFinding {
  const { keyword, message = '' } = error
  const pointer = error.instancePath || '/'
  const page = pageOf(pointer)
  const extra = error.params as Record<string, unknown>
  if (keyword === 'additionalProperties') {
    const name = String(extra['additionalProperty'])
    const { properties = {} } = error.parentSchema as { properties?: object }
    const [meant] = nearest(name, Object.keys(properties))
    // It is told of what it is in, and found where it stands itself.
    const at = memberPointer(error.instancePath, name)
    if (meant === undefined) return finding('manifest-shape.unknown', at, { name, pointer })
    return finding('manifest-shape.misspelt', at, { name, pointer, meant })
  }
  if (keyword === 'required') {
    const name = String(extra['missingProperty'])
    return finding('manifest-shape.missing', pointer, { name, pointer, page: pageOf(`${pointer}/${name}`) })
  }
  const given = JSON.stringify(error.data)?.slice(0, 80) ?? 'nothing'
  if (keyword === 'enum') {
    const allowed = (extra['allowedValues'] as unknown[]).map(String)
    const meant = nearest(String(error.data), allowed).map((one) => `"${one}"`)
    if (meant.length === 0)
      return finding('manifest-shape.none', pointer, { pointer, given, allowed: allowed.join(', '), page })
    return finding('manifest-shape.similar', pointer, { pointer, given, meant, page })
  }
  const code = limits[keyword]
  if (code === undefined) return finding('manifest-shape.other', pointer, { pointer, given, why: message, page })
  const limit = extra[keyword] ?? extra['limit'] ?? extra['allowedValue'] ?? ''
  const [example = ''] = (error.parentSchema as { examples?: readonly string[] }).examples ?? []
  return finding(code, pointer, {
    pointer,
    given,
    limit: typeof limit === 'number' ? limit : String(limit),
    example,
    page,
  })
}

/** The page of the field at the top that the pointer is in. */
function pageOf(pointer: string): string {
  const field = pointer.split('/').find((name) => name !== '') ?? ''
  return `docs/manifest/${Object.hasOwn(manifestSchema.properties, field) ? field : 'README'}.md`
}
