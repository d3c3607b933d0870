export { compileJsonSchema } from './compile.ts'
export { explainSchema, explainValidator } from './explain.ts'
