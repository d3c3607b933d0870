/** The sources do not compile; the message is the compiler's own text, which names file and line. */
export class BuildError extends Error {}
