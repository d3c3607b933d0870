import type { IncomingMessage, ServerResponse } from 'node:http'
import { contextOf } from './request-context.ts'

/**
 * Says `100 Continue` when somebody reads the body. hapi says so before the handler runs, so that who may not publish a package would
 * send all of it before they hear that.
 */
export function continueWhenRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect === undefined) return
  const [proceed, read] = [response.writeContinue.bind(response), request._read.bind(request)]
  response.writeContinue = () => undefined
  request._read = (size) => {
    const context = contextOf(request)
    // What is left over of a body is read by Node itself after the answer.
    if (!context.isBodyAsked && !response.headersSent) {
      context.isBodyAsked = true
      proceed()
    }
    read(size)
  }
}
