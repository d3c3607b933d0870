/** Limits of a package (docs/plugin-package.md): packed and unpacked bytes, number of files, and bytes of package.json and of the manifest each. */
export const packageLimits = {
  packedBytes: 16 * 1024 * 1024,
  unpackedBytes: 64 * 1024 * 1024,
  files: 2000,
  manifestBytes: 512 * 1024,
} as const
