import { secretsSuite } from './testing/secrets-suite.ts'

describe('inline', () => secretsSuite({}))
describe('in a process of its own', () => secretsSuite({ isolation: { default: 'process', byPlugin: {} } }))
