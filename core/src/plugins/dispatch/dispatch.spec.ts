import { requestSuite } from './testing/request-suite.ts'

requestSuite({})
