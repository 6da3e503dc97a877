import {
  animate,
  contours,
  drawOn,
  figure,
  grid,
  heatmap,
  imageGrid,
  line,
  type Picture,
  paths,
  quiver,
  scatter,
  toSvg,
} from '@sgm/viz'
import { afterEach, describe, expect, test, vi } from 'vitest'

const plane = grid({ x: [-1, 1], size: 41 })
const axis = { domain: [-1, 1] as const, show: false, grid: false }
const square = { x: axis, y: axis }
/** Without axes, a plot of 200 × 200 pixels has its corner here. */
const [left, top, size] = [12, 12, 200]
const width = left + size + 14

afterEach(() => document.body.replaceChildren())

function canvasOf(): HTMLCanvasElement {
  return document.body.appendChild(document.createElement('canvas'))
}

/** The colour at a point of the plane [−1, 1]². */
function colorAt(canvas: HTMLCanvasElement, x: number, y: number, scale = 1): number[] {
  const px = Math.round(scale * (left + (size * (x + 1)) / 2))
  const py = Math.round(scale * (top + (size * (1 - y)) / 2))
  return [...canvas.getContext('2d')!.getImageData(px, py, 1, 1).data.slice(0, 3)]
}

function draw(picture: Picture, options = {}): HTMLCanvasElement {
  const canvas = canvasOf()
  drawOn(canvas.getContext('2d')!, picture, options)
  return canvas
}

async function svgOn(picture: Picture): Promise<HTMLCanvasElement> {
  const image = new Image()
  image.src = URL.createObjectURL(new Blob([toSvg(picture)], { type: 'image/svg+xml' }))
  await image.decode()
  const canvas = canvasOf()
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')!.drawImage(image, 0, 0)
  return canvas
}

/** The share of pixels that differ to the eye. */
function far(a: HTMLCanvasElement, b: HTMLCanvasElement): number {
  const [p, q] = [a, b].map((canvas) => canvas.getContext('2d')!.getImageData(0, 0, a.width, a.height).data)
  let different = 0
  for (let i = 0; i < p!.length; i += 4) {
    if ([0, 1, 2].some((k) => Math.abs(p![i + k]! - q![i + k]!) > 48)) different++
  }
  return different / (p!.length / 4)
}

describe('a figure on a canvas', () => {
  test('has its discs where the points lie, at any sharpness', async () => {
    const picture = await figure(
      [scatter([0.5, 0.5, -0.5, -0.2], { color: '#ff0000', radius: 6, opacity: 1 })],
      {
        ...square,
        width,
      },
    )
    for (const resize of [1, 2, 1.5]) {
      const canvas = draw(picture, { resize })
      expect(canvas.width).toBe(Math.round(width * resize))
      expect(colorAt(canvas, 0.5, 0.5, resize)).toEqual([255, 0, 0])
      expect(colorAt(canvas, -0.5, -0.2, resize)).toEqual([255, 0, 0])
      expect(colorAt(canvas, 0.5, -0.5, resize)).toEqual([255, 255, 255])
    }
    expect(colorAt(draw(picture, { theme: 'dark' }), 0.5, -0.5)).toEqual([20, 24, 29])
  })

  test('has the colours of a heat map and the squares of images', async () => {
    const map = await figure([heatmap(plane, (x) => (x + 1) / 2, { scale: 'grey', colorbar: false })], {
      ...square,
      width,
    })
    const canvas = draw(map)
    for (const x of [-0.8, 0, 0.8]) {
      expect(Math.abs(colorAt(canvas, x, 0)[0]! - (255 * (x + 1)) / 2)).toBeLessThan(4)
    }
    const values = Uint8Array.of(255, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 255)
    const images = draw(await figure([imageGrid({ values, shape: [1, 2, 2, 3] })], { width }))
    expect(colorAt(images, -0.05, 0.05)).toEqual([255, 0, 0])
    expect(colorAt(images, 0.05, 0.05)).toEqual([0, 0, 255])
    expect(colorAt(images, -0.05, -0.05)).toEqual([0, 255, 0])
  })

  test('is what its SVG shows', async () => {
    const picture = await figure(
      [
        contours(plane, (x, y) => Math.exp(-4 * (x ** 2 + y ** 2))),
        quiver(plane, (x, y) => [-x, -y], { across: 8 }),
        paths([[[-1, -1]], [[0, 0.5]], [[1, -1]]]),
        line([-1, 1], [0.9, 0.9], { dash: [9, 5] }),
      ],
      { width, title: 'Both', x: 'x₁' },
    )
    const [a, b] = [draw(picture), await svgOn(picture)]
    expect([a.width, a.height]).toEqual([b.width, b.height])
    expect(far(a, b)).toBeLessThan(0.002)
  })

  test('draws many discs as it draws few, clipped and clear ones too', async () => {
    const spread = Float32Array.from({ length: 1200 }, (_, i) => Math.sin(i * 12.9898) * 1.1)
    const marks = (points: Float32Array) => [scatter(points, { color: 0, radius: 3, opacity: 0.6 })]
    const few = Array.from({ length: 3 }, (_, k) => marks(spread.slice(400 * k, 400 * (k + 1)))).flat()
    for (const resize of [1, 2]) {
      const [a, b] = [
        draw(await figure(few, { ...square, width, notes: false }), { resize }),
        draw(
          await figure(marks(Float32Array.from([...spread, ...new Float32Array(2000).fill(9)])), {
            ...square,
            width,
            notes: false,
          }),
          { resize },
        ),
      ]
      expect(far(a, b)).toBeLessThan(0.01)
    }
  })

  test('leaves the canvas’s size and what it was set to, where asked', async () => {
    const canvas = canvasOf()
    canvas.width = canvas.height = 300
    const context = canvas.getContext('2d')!
    context.translate(40, 30)
    const drawn = drawOn(context, await figure([], { width: 100 }), { resize: false, theme: 'dark' })
    expect(canvas.width).toBe(300)
    expect(drawn.width).toBe(100)
    expect([...context.getImageData(41, 31, 1, 1).data]).toEqual([20, 24, 29, 255])
    expect([...context.getImageData(39, 31, 1, 1).data]).toEqual([0, 0, 0, 0])
    expect(context.getTransform().e).toBe(40)
  })
})

describe('animate', () => {
  const at = (x: number) =>
    figure([scatter([x, 0], { color: '#ff0000', radius: 8, opacity: 1 })], { ...square, width, title: '' })

  test('shows frames of a list in turn, to the last, and says what it shows', async () => {
    const canvas = canvasOf()
    const frames = await Promise.all([-0.5, 0, 0.5].map(at))
    const scale = window.devicePixelRatio
    await animate(canvas, frames, { fps: 30, loop: false }).finished
    expect(colorAt(canvas, 0.5, 0, scale)).toEqual([255, 0, 0])
    expect(colorAt(canvas, 0, 0, scale)).toEqual([255, 255, 255])
    expect(canvas.getAttribute('role')).toBe('img')
    expect(canvas.getAttribute('aria-label')).toMatch(/1 points\. Shown: x from -1 to 1/)
  })

  test('asks for the picture of each moment until it is stopped', async () => {
    const moments: number[] = []
    const running = animate(canvasOf(), async (seconds) => {
      moments.push(seconds)
      if (moments.length === 3) running.stop()
      return at(0)
    })
    await running.finished
    expect(moments).toHaveLength(3)
    expect(moments[0]).toBe(0)
    expect(moments[2]).toBeGreaterThan(moments[1]!)
  })

  test('shows one frame to readers who prefer reduced motion, and all where motion is asked for', async () => {
    const wish = vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList)
    const canvas = canvasOf()
    const seen: number[] = []
    await animate(canvas, await Promise.all([-0.5, 0, 0.5].map(at))).finished
    await animate(canvasOf(), (seconds) => {
      seen.push(seconds)
      return at(0)
    }).finished
    expect(colorAt(canvas, 0.5, 0, window.devicePixelRatio)).toEqual([255, 0, 0])
    expect(wish).toHaveBeenCalledWith('(prefers-reduced-motion: reduce)')
    expect(seen).toEqual([0])
    const moving = animate(
      canvasOf(),
      (seconds) => {
        seen.push(seconds)
        if (seen.length === 3) moving.stop()
        return at(0)
      },
      { still: false },
    )
    await moving.finished
    expect(seen).toHaveLength(3)
    wish.mockRestore()
  })

  test('ends by a signal, and at an error, which it passes on', async () => {
    const control = new AbortController()
    const frames = [await at(0)]
    const running = animate(canvasOf(), frames, { signal: control.signal })
    control.abort()
    await running.finished
    await expect(
      animate(canvasOf(), () => {
        throw new Error('no frame')
      }).finished,
    ).rejects.toThrow('no frame')
    expect(() => animate(canvasOf(), [])).toThrow('animate: expected at least one frame, got none')
    expect(() => animate(canvasOf(), frames, { fps: 0 })).toThrow('animate: expected fps > 0, got 0')
  })
})
