/** Between a plugin's process and the host: proves that it is this plugin's, and says why there is no way to where it wants. */
export const egressHeaders = {
  key: 'x-dcesop-key',
  code: 'x-dcesop-code',
  /** Percent-encoded. */
  detail: 'x-dcesop-detail',
} as const

/** The code of a refusal; everything else is an error of the system or of the other side, by its own code. */
export const refusedCode = 'egress_refused'
