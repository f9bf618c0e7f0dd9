// Screenshots of the UI, in a browser that has the pictures' time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);

const views = {
  overview: { path: '/', shows: 'NoAddress' },
  execution: { path: '/executions', opens: 'order-1040', shows: 'Failed in Ship' },
  paused: { path: '/paused', opens: 'r-1043', shows: 'r-1043' },
};

/** @param link of the UI, with its token */
export async function takePictures(link, folder, now) {
  const browser = await chromium.launch({
    executablePath,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({
      viewport: { width: 1200, height: 760 },
      locale: 'en-US',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      timezoneId: 'Asia/Tokyo',
    });
    const { origin, hash } = new URL(link);
    for (const [name, { path, opens, shows }] of Object.entries(views)) {
      const page = await context.newPage();
      await page.clock.install({ time: now() });
      await page.goto(`${origin}${path}${hash}`);
      if (opens) await page.getByRole('link', { name: opens }).first().click();
      await page.getByText(shows).first().waitFor();
      await page.waitForFunction(() => !document.body.innerText.includes('Reading…'));
      await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}
