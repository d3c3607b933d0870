import type { LiveIncident, LiveService } from './types.ts'

/** The metric whose good value cannot be while an incident with this cause lasts. */
const impossible: Readonly<Record<string, string>> = { 'incident.cause.fibre-cut': 'opticalRx' }

/**
 * A service whose good values are no longer told as good where an open incident of its cell or OLT says otherwise: two truths that
 * exclude one another are never shown side by side without a word.
 */
export function doubted(
  service: LiveService,
  incidents: readonly Pick<LiveIncident, 'causeId' | 'elementIds'>[],
): LiveService {
  const doubtful = incidents
    .filter(({ elementIds }) => elementIds.includes(service.element.id))
    .map(({ causeId }) => impossible[causeId])
  const tiles = service.tiles.map((tile) =>
    doubtful.includes(tile.metric) && (tile.state === 'ok' || tile.state === 'unjudged')
      ? { ...tile, state: 'unjudged' as const, messageId: 'metric.state.doubted' }
      : tile,
  )
  return { ...service, tiles }
}
