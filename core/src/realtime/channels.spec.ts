import { Channels } from './channels.ts'

const mebi = 1024 * 1024

it('keeps messages of a certain length in all; clients of channels that gave way are told to read again', () => {
  const channels = new Channels()
  const channel = (key: number) => ({ topic: 't', region: 'br', key: `k${key}` })
  const before = Array.from({ length: 40 }, (_, key) => {
    const { latest } = channels.buffer(channel(key), 10).replay(undefined)
    channels.append({ ...channel(key), payload: key }, mebi, 10)
    return latest
  })
  const replays = before.map((since, key) => channels.buffer(channel(key), 10).replay(since))
  expect(replays.filter(({ resync }) => resync)).toHaveLength(8)
  expect(replays.at(-1)).toMatchObject({ resync: false, messages: [{ payload: 39 }] })
})
