import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { build } from 'tsup'
import { findChromium } from '../../../tests/browser/chromium.ts'
import type { FrameTimes } from './page'

/** Frames a second of moving points on a canvas in headless Chromium, which draws without a GPU. */
export async function benchFrames(): Promise<void> {
  const script = await bundle()
  const found = await findChromium()
  const browser = await chromium.launch({ ...found, args: [...found.args.filter(isOther), '--disable-gpu'] })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: script })
    for (const count of [1000, 10_000, 100_000]) {
      const { rate, work } = await page.evaluate((n) => (window as unknown as Page).movingPoints(n, 4), count)
      const sorted = [...work].sort((a, b) => a - b)
      const at = (q: number) => sorted[Math.floor(q * (sorted.length - 1))]!.toFixed(1)
      console.log(
        `${count} moving points: ${rate.toFixed(1)} frames/s; own work ${at(0.5)} ms a frame (90%: ${at(0.9)} ms)`,
      )
    }
  } finally {
    await browser.close()
  }
}

/** The tests' WebGL in software would draw the canvas too, at a fiftieth of the speed of Chromium's own software. */
function isOther(argument: string): boolean {
  return !/gpu|angle|swiftshader/.test(argument)
}

interface Page {
  movingPoints(count: number, seconds: number): Promise<FrameTimes>
}

async function bundle(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'sgm-viz-'))
  try {
    await build({
      entry: { page: join(import.meta.dirname, 'page.ts') },
      format: 'iife',
      platform: 'browser',
      noExternal: [/./],
      outDir,
      silent: true,
      config: false,
    })
    return readFileSync(join(outDir, 'page.global.js'), 'utf8')
  } finally {
    rmSync(outDir, { recursive: true })
  }
}
