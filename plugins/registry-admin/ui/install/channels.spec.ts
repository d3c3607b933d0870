import { channelChoice } from './channels.ts'

const known = { channels: ['nightly', 'next', 'stable'] }

it('a stable version is installed by the channel of the instance, or by one that brings less stable ones later', () => {
  const choice = { names: ['nightly', 'next', 'stable'], hasOwn: true, usual: '' }
  expect(channelChoice('stable', { channel: 'stable', ...known })).toEqual(choice)
})

it('a version that the channel of the instance does not have is installed by the most stable one that has it', () => {
  const choice = { names: ['nightly', 'next'], hasOwn: false, usual: 'next' }
  expect(channelChoice('next', { channel: 'stable', ...known })).toEqual(choice)
})

it('there is nothing to choose where no channels are told', () => {
  expect(channelChoice('stable', { channel: 'stable' })).toEqual({ names: [], hasOwn: false, usual: '' })
})
