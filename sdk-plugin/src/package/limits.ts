/** Limits of a package (docs/plugin-package.md): packed and unpacked bytes, number of files, bytes of package.json, of the manifest and of all styles. */
export const packageLimits = {
  packedBytes: 16 * 1024 * 1024,
  unpackedBytes: 64 * 1024 * 1024,
  files: 2000,
  manifestBytes: 512 * 1024,
  styleBytes: 512 * 1024,
} as const
