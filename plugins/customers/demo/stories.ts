import type { ImportRow, ImportService } from '../server/import/row-schema.ts'
import type { Home } from './network.ts'
import { randomOf } from './random.ts'
import { fibrePlans, fibreService, mobilePlans, mobileService } from './services.ts'
import stories from './stories.json' with { type: 'json' }

/** A fixed customer that shows one situation; the simulator makes its measurements behave accordingly. */
export interface Story {
  readonly region: string
  readonly story: string
  readonly externalId: string
  /** As the plugin derives it from region and external id. */
  readonly customerId: string
  readonly givenNames: string
  readonly familyNames: string
  /** E.164; searching it opens the customer. */
  readonly phone: string
  readonly services: readonly StoryService[]
}

export interface StoryService {
  readonly externalId: string
  readonly serviceId: string
  readonly technology: ImportService['technology']
  readonly planId: string
  readonly statusReason?: string
}

export function storiesOf(region: string): readonly Story[] {
  return (stories as readonly Story[]).filter((story) => story.region === region)
}

function serviceOf(service: StoryService, story: Story, row: ImportRow, home: Home): ImportService {
  const account = row.accounts[0]?.number ?? ''
  const random = randomOf(service.externalId)
  const made =
    service.technology === 'mobile'
      ? mobileService(service.externalId, account, story.phone, home.cell, random)
      : fibreService(
          service.externalId,
          account,
          service.externalId.replaceAll('-', '').toUpperCase(),
          home.olt,
          random,
        )
  const plan = [...mobilePlans, ...fibrePlans].find(({ id }) => id === service.planId) ?? made.plan
  const { statusReason, ...rest } = made
  return service.statusReason === undefined
    ? { ...rest, status: 'active', plan }
    : { ...rest, status: 'suspended', statusReason: service.statusReason, plan }
}

/** The generated row with what the story fixes: ids, name, phone, services. */
export function tellStory(row: ImportRow, story: Story, home: Home): ImportRow {
  return {
    ...row,
    externalId: story.externalId,
    givenNames: story.givenNames,
    familyNames: story.familyNames,
    phones: [{ label: 'mobile', number: story.phone }],
    emails: [`${story.externalId}@example.com`],
    services: story.services.map((service) => serviceOf(service, story, row, home)),
  }
}
