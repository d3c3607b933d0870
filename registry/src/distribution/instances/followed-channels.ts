import type { FollowedChannel, InstanceWish } from './instances.ts'

const placeOf = ({ plugin, region = '' }: Pick<FollowedChannel, 'plugin' | 'region'>) => `${plugin}/${region}`

/** Which channel an installation follows: its region's own, else the plugin's, else the instance's. */
export function channelsOf({
  channel,
  installations = [],
}: Pick<InstanceWish, 'channel' | 'installations'>): (plugin: string, region: string) => string {
  const own = new Map(installations.map((one) => [placeOf(one), one.channel]))
  return (plugin, region) => own.get(placeOf({ plugin, region })) ?? own.get(placeOf({ plugin })) ?? channel
}

/** What is wrong with what somebody says that is followed; undefined when nothing is. @param channels of this registry */
export function mistakeIn(
  { regions, installations = [] }: Pick<InstanceWish, 'regions' | 'installations'>,
  channels: readonly string[],
): string | undefined {
  for (const { plugin, region, channel } of installations) {
    if (!channels.includes(channel))
      return `"${plugin}" follows "${channel}", and channels are: ${channels.join(', ')}.`
    if (region !== undefined && !regions.includes(region))
      return `"${plugin}" is to follow a channel in "${region}", which is not in "regions".`
  }
  const places = installations.map(placeOf)
  const twice = places.find((place, index) => places.indexOf(place) !== index)
  return twice === undefined ? undefined : `"installations" says twice what "${twice.replace(/\/$/, '')}" follows.`
}
