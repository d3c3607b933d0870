export { holdsWhen, type WhenScope } from './holds.ts'
export { parseWhen, type When } from './parse.ts'
