export type { Contract, Interaction } from './contract.ts'
export {
  contractDigest,
  type ContractRecord,
  contractRecordPath,
  type KeptContract,
  parseContractRecord,
} from './contract-record.ts'
export { contractsIn } from './contracts.ts'
export { type FileList, fileListFindings, fileListPath, listFiles, manifestPath, signaturePath } from './file-list.ts'
export { PackageError, type PackageFinding } from '../findings/finding.ts'
export { packageLimits } from './limits.ts'
export { type MigrationFile, migrationFiles } from './migrations.ts'
export { packFiles } from './pack.ts'
export { checkFiles, type PluginPackage, readPackage } from './read.ts'
export { readTarball, writeTarball } from './tarball.ts'
export { ruleOf, type RuleDescription } from '../findings/rules/index.ts'
