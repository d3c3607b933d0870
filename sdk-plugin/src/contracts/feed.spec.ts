import { containerName, isUiDirectory, signedBytes, uiDirectory } from './feed.ts'

describe('the feed', () => {
  const digest = '0a1b2c3d'.repeat(16)

  it('names the directory and the container of one version', () => {
    expect(uiDirectory('demo', '1.2.0-rc.1', digest)).toBe('/ui/demo/1.2.0-rc.1-0a1b2c3d/')
    expect(containerName('my-demo', '1.2.0-rc.1')).toBe('dcesop_my_demo_1_2_0_rc_1')
  })

  it('knows its own directories from all others', () => {
    expect(isUiDirectory(uiDirectory('demo', '1.0.0', digest), 'demo', '1.0.0')).toBe(true)
    for (const other of [
      'https://evil.example/ui/demo/1.0.0-0a1b2c3d/',
      '/ui/other/1.0.0-0a1b2c3d/',
      '/ui/demo/1.0.0-0a1b2c3d/../../../',
      '/ui/demo/1.0.0-0a1b2c3d',
      '/ui/demo/1.0.0-xyz/',
      '/ui/demo/1.0.0-0a1b2c3d\\',
    ])
      expect(isUiDirectory(other, 'demo', '1.0.0')).toBe(false)
  })

  it('is signed over the UTF-8 bytes of its text', () => {
    expect([...signedBytes('ñ€')]).toEqual([0xc3, 0xb1, 0xe2, 0x82, 0xac])
  })
})
