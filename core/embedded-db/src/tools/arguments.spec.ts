import { readArguments, UsageError } from './arguments.ts'

describe('the command line', () => {
  it.each([
    [['--dir', 'd'], { kind: 'serve', dir: 'd', port: 27017, socket: undefined, durability: 'commit' }],
    [
      ['--dir', 'd', '--export', 't'],
      { kind: 'export', dir: 'd', target: 't', options: { format: 'ejson', gzip: false } },
    ],
    [
      ['--dir', 'd', '--import', 's', '--into', 'a.b', '--merge'],
      { kind: 'import', dir: 'd', source: 's', options: { into: 'a.b', existing: 'merge' } },
    ],
    [['--dir', 'd', '--check'], { kind: 'check', dir: 'd' }],
    [['--help'], { kind: 'help' }],
  ])('%j is understood', (args, task) => {
    expect(readArguments(args)).toEqual(task)
  })

  it.each([
    [['--port', '0'], '--dir is required'],
    [['--dir', 'x', '--port', '70000'], '--port must be a number from 0 to 65535'],
    [['--dir', 'x', '--durability', 'some'], '--durability must be none, commit or flush'],
    [['--dir', 'x', '--check', '--compact'], '--check and --compact do not go together'],
    [['--dir', 'x', '--check', '--gzip'], '--gzip does not go with --check'],
    [['--dir', 'x', '--export', 'y', '--format', 'csv'], '--format must be ejson or bson, not csv'],
    [['--dir', 'x', '--import', 'y', '--drop', '--merge'], '--drop and --merge do not go together'],
  ])('%j is a mistake', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError)
    expect(() => readArguments(args)).toThrow(message)
  })
})
