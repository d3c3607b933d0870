import { requestSuite } from '../dispatch/testing/request-suite.ts'

// The very plugin that runs inline elsewhere.
requestSuite({ isolation: { default: 'process', byPlugin: {} } })
