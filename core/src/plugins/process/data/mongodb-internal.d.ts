declare module 'mongodb/lib/cmap/connect.js' {
  import type { Socket } from 'node:net'

  /** @returns the driver's connection, of which only its socket is used */
  export function connect(options: object): Promise<{ readonly socket: Socket }>
}
