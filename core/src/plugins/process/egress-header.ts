/** Names the address that a plugin's process asks the host to call, and proves that it is this plugin's. */
export const egressHeaders = { url: 'x-dcesop-url', key: 'x-dcesop-key' } as const
