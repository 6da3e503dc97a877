/**
 * Takes a picture of a page, whole:
 *
 *     npx tsx tests/browser/screenshot.ts URL OUT.png [WIDTH] [dark]
 *
 * URL may be a file:// address. Errors of the page's console are printed, and make the exit code 1.
 */
import { chromium } from 'playwright'
import { findChromium } from './chromium.ts'

const [url, path, width = '1280', theme = 'light'] = process.argv.slice(2)
if (!url || !path) throw new TypeError('screenshot: expected URL and OUT.png')

const browser = await chromium.launch(await findChromium())
const page = await browser.newPage({
  viewport: { width: Number(width), height: 900 },
  colorScheme: theme === 'dark' ? 'dark' : 'light',
})
const complaints: string[] = []
page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
page.on('pageerror', (error) => complaints.push(error.message))
await page.goto(url, { waitUntil: 'networkidle' })
await page.screenshot({ path, fullPage: true })
await browser.close()
if (complaints.length > 0) {
  console.error(complaints.join('\n'))
  process.exitCode = 1
}
