export { type Check, compileCheck } from './check-input.ts'
export { parseStrictJson } from './strict-json.ts'
