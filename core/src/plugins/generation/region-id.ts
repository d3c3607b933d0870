/** What may be the name of a region. */
export const regionId = /^[a-z][a-z0-9-]{0,19}$/
