/**
 * Options of a collection whose writes are on the disks of most servers when they are answered, whatever its connection is set to:
 * what the platform decides by must not be taken back by a crash.
 */
export const durable = { writeConcern: { w: 'majority', j: true } } as const
