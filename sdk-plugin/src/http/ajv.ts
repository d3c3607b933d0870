import { Ajv2020, type Options } from 'ajv/dist/2020.js'

let schemaOfSchemas: Ajv2020 | undefined

/** Compiling the schema of schemas takes 50 ms, so one instance does it for all, and leaves out to polish what it runs a few times. */
class SharingAjv extends Ajv2020 {
  override validateSchema(...given: Parameters<Ajv2020['validateSchema']>): ReturnType<Ajv2020['validateSchema']> {
    schemaOfSchemas ??= new Ajv2020({ strict: true, allErrors: true, code: { optimize: false } })
    return schemaOfSchemas.validateSchema(...given)
  }
}

/** A compiler of JSON Schema 2020-12 that refuses a schema which is none itself, as Ajv does. */
export function createAjv(options: Options): Ajv2020 {
  return new SharingAjv(options)
}
