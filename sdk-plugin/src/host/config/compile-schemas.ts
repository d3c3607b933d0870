import type { ValidateFunction } from 'ajv/dist/2020.js'
import { createAjv } from '../../http/ajv.ts'
import { isNetwork } from '../../http/client-address.ts'

/** Compiles schemas of configurations, as fast as it can be, since each start waits for it: specs check the schemas. */
export function compileSchemas<const T extends readonly object[]>(...schemas: T): { [K in keyof T]: ValidateFunction } {
  const ajv = createAjv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    verbose: true,
    validateSchema: false,
  })
  ajv.addFormat('network', isNetwork)
  return schemas.map((schema) => ajv.compile(schema)) as { [K in keyof T]: ValidateFunction }
}
