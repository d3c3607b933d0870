/** The limits a MongoDB server announces in hello; a client that passes them is refused. */
export const MAX_BSON_OBJECT_SIZE = 16 * 1024 * 1024
export const MAX_MESSAGE_SIZE = 48_000_000
export const MAX_WRITE_BATCH_SIZE = 100_000
export const MAX_CONNECTIONS = 2_000
/** Bytes of half-received messages over all connections before the largest offenders are closed. */
export const MAX_PENDING_BYTES = 512 * 1024 * 1024
/** A message must arrive whole within this time (ms). */
export const MESSAGE_TIMEOUT = 60_000
