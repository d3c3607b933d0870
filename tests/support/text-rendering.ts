import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Browser } from '@playwright/test'

const font = path.resolve(
  import.meta.dirname,
  '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
)
const specimen = 'Potencia óptica −28,4 dBm · Conexão instável há 3 h · 287.3 Mbps'
const html = `<!doctype html><style>
  @font-face { font-family: specimen; src: url(data:font/woff2;base64,${readFileSync(font, 'base64')}) format('woff2'); font-weight: 100 900 }
  body { margin: 8px; font: 14px/1.5 specimen; color: #151a23; background: #fff } p { margin: 0 }
</style>${[12, 14, 20].map((size) => `<p style="font-size:${size}px">${specimen}</p>`).join('')}`

/** Text in the product's font and nothing of the product: how this browser on this machine draws letters. */
export async function drawSpecimen(browser: Browser): Promise<Buffer> {
  const context = await browser.newContext({ viewport: { width: 640, height: 100 }, deviceScaleFactor: 1 })
  try {
    const page = await context.newPage()
    await page.setContent(html)
    await page.evaluate(() => document.fonts.ready)
    return await page.screenshot()
  } finally {
    await context.close()
  }
}

/** Whether a picture matches its stored one; false when it differs or there is none. */
export function matches(picture: Buffer, name: string, tolerance: { threshold: number; maxDiffPixelRatio: number }) {
  try {
    expect(picture).toMatchSnapshot(name, tolerance)
    return true
  } catch {
    return false
  }
}
