export { capabilityHandle, type Provided } from './capability-handle.ts'
export { checkedConfig } from './plugin-config.ts'
export { requireSecretDeclared, secretUnavailable } from './secrets.ts'
export { ownsCollection, type RegionConnections, regionsOf, scopedData, type ScopedData } from './scoped-data.ts'
