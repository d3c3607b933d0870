import { handlesSuite } from '../testing/handles-suite.ts'

handlesSuite({ isolation: { default: 'process', byPlugin: {} } })
