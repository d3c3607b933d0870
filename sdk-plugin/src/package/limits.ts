/** Limits of a package (docs/plugin-package.md): packed and unpacked bytes, and number of files. */
export const packageLimits = {
  packedBytes: 16 * 1024 * 1024,
  unpackedBytes: 64 * 1024 * 1024,
  files: 2000,
} as const
