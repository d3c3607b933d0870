/** MongoDB's answer 11000: a unique key is taken. By its code, as more than one copy of the driver may be loaded. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 11000
}
