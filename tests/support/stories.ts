import { readFileSync } from 'node:fs'
import path from 'node:path'

export interface Story {
  readonly region: string
  readonly story: string
  readonly customerId: string
  readonly givenNames: string
  readonly familyNames: string
  readonly phone: string
  readonly services: readonly { serviceId: string; technology: 'mobile' | 'fibre' }[]
}

const file = path.resolve(import.meta.dirname, '../../plugins/customers/demo/stories.json')
const stories = JSON.parse(readFileSync(file, 'utf8')) as Story[]

/** A demo customer whose services behave in a known way. */
export function storyOf(story: string, region: string): Story {
  const found = stories.find((one) => one.story === story && one.region === region)
  if (!found) throw new Error(`no story ${story} in ${region}; there are ${stories.map((one) => one.story).join(', ')}`)
  return found
}
