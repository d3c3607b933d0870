import { Ajv2020, type Options } from 'ajv/dist/2020.js'

let schemaOfSchemas: Ajv2020 | undefined

/** Polishing what was compiled takes as long again as compiling it, and V8 runs both alike. */
const code = { optimize: false }

/** Compiling the schema of schemas takes 50 ms, so one instance does it for all. */
class SharingAjv extends Ajv2020 {
  override validateSchema(...given: Parameters<Ajv2020['validateSchema']>): ReturnType<Ajv2020['validateSchema']> {
    schemaOfSchemas ??= new Ajv2020({ strict: true, allErrors: true, code })
    return schemaOfSchemas.validateSchema(...given)
  }
}

/** A compiler of JSON Schema 2020-12 that refuses a schema which is none itself, as Ajv does. */
export function createAjv(options: Options): Ajv2020 {
  return new SharingAjv({ ...options, code })
}
