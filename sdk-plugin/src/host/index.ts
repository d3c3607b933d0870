export { capabilityHandle, type Provided } from './capability-handle.ts'
export { checkedConfig } from './plugin-config.ts'
export { type RegionConnections, scopedData, type ScopedData } from './scoped-data.ts'
