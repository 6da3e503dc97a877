import { contours, figure, grid, quiver, scatter, toSvg } from '../src'
import { toGif, toPng } from '../src/node'

const POINTS = 100_000

/** Times and sizes of files. */
export async function benchFiles(): Promise<void> {
  const points = Float32Array.from(
    { length: 2 * POINTS },
    (_, i) => Math.sin(i * 12.9898) * ((i * 7919) % 101),
  )
  const many = await figure([scatter(points)])
  const plane = grid({ x: [-4, 4] })
  const field = await figure([
    contours(plane, (x, y) => Math.exp(-(x ** 2 + y ** 2) / 2)),
    quiver(plane, (x, y) => [-x, -y]),
  ])
  await report(`SVG of ${POINTS} points`, () => toSvg(many))
  await report(`PNG of ${POINTS} points`, () => toPng(many))
  await report('SVG of a score field', () => toSvg(field))
  await report('PNG of a score field', () => toPng(field))
  await report('GIF of 20 frames of a score field, 400 pixels wide', () =>
    toGif(new Array(20).fill(field), { width: 400 }),
  )
}

async function report(
  what: string,
  make: () => string | Uint8Array | Promise<string | Uint8Array>,
): Promise<void> {
  let [best, size] = [Number.POSITIVE_INFINITY, 0]
  for (let i = 0; i < 3; i++) {
    const start = performance.now()
    size = (await make()).length
    best = Math.min(best, performance.now() - start)
  }
  console.log(`${what}: ${best.toFixed(0)} ms, ${(size / 1000).toFixed(0)} kB`)
}
