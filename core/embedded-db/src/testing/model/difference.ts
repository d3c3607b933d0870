/** The database and the model came to different results. */
export class Difference extends Error {}
