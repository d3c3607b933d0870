/** Container name and webpack `uniqueName` of a remote: carries the version, so that two versions live side by side in one page. */
export function containerName(id: string, version: string): string {
  return `dcesop_${id}_${version}`.replaceAll(/\W/g, '_')
}
