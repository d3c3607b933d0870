import { notImplemented } from '../errors.ts'
import type { Command } from './command.ts'

/** Commands of a MongoDB server that are known and not offered here. */
const FEATURES: Record<string, string> = {
  mapReduce: 'mapReduce',
  mapreduce: 'mapReduce',
  geoSearch: 'geoSearch',
  createSearchIndexes: 'an Atlas search index',
  dropSearchIndex: 'an Atlas search index',
  updateSearchIndex: 'an Atlas search index',
  cloneCollectionAsCapped: 'cloneCollectionAsCapped',
  convertToCapped: 'convertToCapped',
  dbHash: 'the dbHash command',
  reIndex: 'the reIndex command (drop the index and create it again)',
  setFeatureCompatibilityVersion: 'a change of the feature compatibility version',
  setDefaultRWConcern: 'a change of the default read or write concern',
  enableSharding: 'sharding',
  shardCollection: 'sharding',
  addShard: 'sharding',
  listShards: 'sharding',
  moveChunk: 'sharding',
  split: 'sharding',
  createUser: 'user administration',
  dropUser: 'user administration',
  updateUser: 'user administration',
  grantRolesToUser: 'user administration',
  revokeRolesFromUser: 'user administration',
  createRole: 'user administration',
  dropRole: 'user administration',
  updateRole: 'user administration',
  grantRolesToRole: 'user administration',
  revokeRolesFromRole: 'user administration',
  grantPrivilegesToRole: 'user administration',
  revokePrivilegesFromRole: 'user administration',
  saslStart: 'authentication',
  saslContinue: 'authentication',
  authenticate: 'authentication',
  replSetInitiate: 'replica set administration',
  replSetStepDown: 'replica set administration',
  replSetFreeze: 'replica set administration',
  replSetReconfig: 'replica set administration',
  replSetMaintenance: 'replica set administration',
  replSetSyncFrom: 'replica set administration',
  replSetResizeOplog: 'replica set administration',
  applyOps: 'the applyOps command',
  planCacheSetFilter: 'an index filter',
  planCacheListFilters: 'an index filter',
  planCacheClearFilters: 'an index filter',
  setQuerySettings: 'query settings',
  removeQuerySettings: 'query settings',
  getClusterParameter: 'a cluster parameter',
  setClusterParameter: 'a cluster parameter',
  setUserWriteBlockMode: 'blocking the writes of users',
  shutdown: 'the shutdown command (stop its process)',
  autoCompact: 'compacting in the background',
  validateDBMetadata: 'the validateDBMetadata command',
  setIndexCommitQuorum: 'a commit quorum of an index build',
  getDiagnosticData: 'the getDiagnosticData command',
  analyze: 'the analyze command',
  compact: 'the compact command (stop the server and use --compact)',
}

/** @throws CommandError 238 for such a command */
export function refuse(name: string): void {
  const feature = FEATURES[name]
  if (feature !== undefined) throw notImplemented(feature)
}

export const refused: readonly Command[] = Object.entries(FEATURES).map(([name, feature]) => ({
  name,
  run: () => {
    throw notImplemented(feature)
  },
}))
