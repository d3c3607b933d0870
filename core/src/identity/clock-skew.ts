/** How far the clocks of two hosts may differ, ms. What is dated further ahead than that would outlast its limit, so it is worth nothing. */
export const mostSkewMs = 60_000
