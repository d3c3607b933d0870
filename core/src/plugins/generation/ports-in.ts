import { notFound } from '@dcesop/sdk-plugin'
import type { DataPlatform } from '../../ports.ts'
import type { HostPorts } from './handles.ts'

/** The ports of a generation that serves some regions only: data, events and jobs of the others do not exist for it. */
export function portsIn(ports: HostPorts, regions: readonly string[]): HostPorts {
  if (ports.data.regions.every((region) => regions.includes(region))) return ports
  return {
    ...ports,
    data: dataIn(ports.data, regions),
    events: { ...ports.events, regions },
    jobs: ports.jobs.in(regions),
    topics: ports.topics.in(regions),
    capabilities: ports.capabilities.in(regions),
  }
}

/** @throws Problem 404 for another region, as for one that does not exist */
export function dataIn(data: DataPlatform, regions: readonly string[]): DataPlatform {
  return {
    core: data.core,
    regions,
    region(id) {
      if (!regions.includes(id)) throw notFound()
      return data.region(id)
    },
  }
}
