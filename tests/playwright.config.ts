import { defineConfig } from '@playwright/test'

/** Two workers, each with a product of its own; on a given product one, because specs share its accounts and plugins. */
export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: '../test-results/playwright',
  globalSetup: './support/global-setup.ts',
  workers: process.env['DCESOP_URL'] ? 1 : 2,
  // What fails now and then is a race in the product or in the test: found, not tried again.
  retries: 0,
  // Letters are drawn differently on each platform. A picture that is missing is a failure, not a reason to make one.
  snapshotPathTemplate: '{testDir}/pictures/{platform}/{arg}{ext}',
  updateSnapshots: 'none',
  // These end what hangs; they measure nothing, so a busy machine has room.
  timeout: 300_000,
  expect: { timeout: 90_000 },
  reporter: [['list'], ['json']],
  use: {
    viewport: { width: 1366, height: 768 },
    // Traces double what a spec costs: a failure leaves a picture and the page's text, and DCESOP_TRACE=1 asks for more.
    trace: process.env['DCESOP_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env['CHROMIUM_PATH'] && { executablePath: process.env['CHROMIUM_PATH'] }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // As a browser with a window draws letters; the headless shell would hint them fully.
        '--font-render-hinting=slight',
      ],
    },
  },
})
