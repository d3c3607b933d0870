import type { ReleasesAnswer } from '../api/registry-answers.ts'

/** Channels that an installation of a version may follow. */
export interface ChannelChoice {
  /** From the least to the most stable; whoever follows one gets what is in it and in the more stable ones. */
  readonly names: readonly string[]
  /** Whether the instance's own is among them. */
  readonly hasOwn: boolean
  /** What is chosen first: the empty one for the instance's, else the most stable that has the version. */
  readonly usual: string
}

/** @param of the channel of the version */
export function channelChoice(
  of: string,
  { channel, channels = [] }: Pick<ReleasesAnswer, 'channel' | 'channels'>,
): ChannelChoice {
  const names = channels.slice(0, channels.indexOf(of) + 1)
  const hasOwn = channel !== null && names.includes(channel)
  return { names, hasOwn, usual: hasOwn ? '' : (names.at(-1) ?? '') }
}
