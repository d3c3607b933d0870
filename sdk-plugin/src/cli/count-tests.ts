import type { TestEvent } from 'node:test/reporters'

/** A reporter of Node's test runner that says how many tests ran; a file without any is told as a test of its own name. */
export default async function* countTests(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let ran = 0
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const isFile = data.nesting === 0 && data.name.endsWith('.spec.ts')
    if (!isFile && data.details.type !== 'suite') ran += 1
  }
  yield String(ran)
}
