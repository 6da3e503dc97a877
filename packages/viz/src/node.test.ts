import { decode, decodeApng } from 'fast-png'
import { GifReader } from 'omggif'
import { describe, expect, it } from 'vitest'
import { figure } from './figure'
import { grid } from './grid'
import { heatmap } from './marks/heatmap'
import { imageGrid } from './marks/image-grid'
import { scatter } from './marks/scatter'
import { toApng, toGif, toPng } from './node'
import { groups } from './testing'
import type { Picture } from './types'

const frame = (at: number) =>
  figure([scatter([at, at], { color: '#ff0000', radius: 8, opacity: 1 })], {
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    width: 160,
  })
const frames = () => Promise.all([0.2, 0.5, 0.8].map(frame))
const rgb = ({ data, width }: { data: ArrayLike<number>; width: number }, x: number, y: number) =>
  Array.from({ length: 3 }, (_, k) => data[4 * (Math.round(y) * width + Math.round(x)) + k]!)

/** Where a point of the plane lies in pixels. */
function place(picture: Picture, u: number, v: number, scale = 1): [number, number] {
  const { x, y, clip } = groups(picture.layout({ notes: false }).shapes).find(({ name }) => name === 'marks')!
  return [scale * (x + u * clip!.width), scale * (y + (1 - v) * clip!.height)]
}

describe('toPng', () => {
  it('has a disc where its point lies, and the background around it', async () => {
    for (const [theme, background] of [
      ['light', [255, 255, 255]],
      ['dark', [20, 24, 29]],
    ] as const) {
      const picture = await frame(0.5)
      const image = decode(await toPng(picture, { theme, scale: 3 }))
      expect(image.width).toBe(480)
      expect(rgb(image, ...place(picture, 0.5, 0.5, 3))).toEqual([255, 0, 0])
      expect(rgb(image, ...place(picture, 0.71, 0.83, 3))).toEqual(background)
      expect(rgb(image, 1, 1)).toEqual(background)
    }
  })

  it('has the pixels of images as squares', async () => {
    const values = Uint8Array.of(255, 0, 0, 0, 0, 255)
    const picture = await figure([imageGrid({ values, shape: [1, 1, 2, 3] })], { width: 200 })
    const image = decode(await toPng(picture, { scale: 1 }))
    for (const u of [0.05, 0.25, 0.45]) expect(rgb(image, ...place(picture, u, 0.5))).toEqual([255, 0, 0])
    for (const u of [0.55, 0.75, 0.95]) expect(rgb(image, ...place(picture, u, 0.5))).toEqual([0, 0, 255])
  })

  it('blends the colours of a heat map between its points, the upper row above', async () => {
    const plane = grid({ x: [0, 1], size: 101 })
    const picture = await figure([heatmap(plane, (_, y) => y, { scale: 'grey', colorbar: false })])
    const image = decode(await toPng(picture, { scale: 1 }))
    for (const v of [0.1, 0.5, 0.9]) {
      expect(Math.abs(rgb(image, ...place(picture, 0.5, v))[0]! - 255 * v)).toBeLessThan(3)
    }
  })

  it('has the signs of mathematics in its own fonts, without any of the machine', async () => {
    const ink = async (title: string) => {
      const { data } = decode(
        await toPng(await figure([], { title, width: 80, height: 10, description: 'x' }), { scale: 1 }),
      )
      return data
    }
    const known = await Promise.all(['∇', '∂', '∥', 'σ', 'ₜ', '⁻', 'ℝ', '∈', '√'].map(ink))
    const unknown = await ink('\uE123')
    known.forEach((one, i) => {
      expect(same(one, unknown)).toBe(false)
      for (const other of known.slice(0, i)) expect(same(one, other)).toBe(false)
    })
  })

  it('refuses what does not fit', async () => {
    await expect(toPng(await frame(0), { scale: 0 })).rejects.toThrow('toPng: expected scale > 0, got 0')
  })
})

describe('toGif', () => {
  it('shows each frame, only what changed after the first, and holds the last', async () => {
    const pictures = await frames()
    const gif = new GifReader(Buffer.from(await toGif(pictures, { fps: 10, hold: 2, repeat: 3 })))
    expect([gif.width, gif.numFrames(), gif.loopCount()]).toEqual([160, 3, 3])
    const data = new Uint8Array(4 * gif.width * gif.height)
    pictures.forEach((picture, i) => {
      gif.decodeAndBlitFrameRGBA(i, data)
      const red = pictures.map((_, k) =>
        rgb({ data, width: gif.width }, ...place(picture, 0.2 + 0.3 * k, 0.2 + 0.3 * k)),
      )
      red.forEach((color, k) => {
        expect(color[0]! - color[2]! > 200).toBe(k === i)
      })
    })
    expect(gif.frameInfo(1).delay).toBe(10)
    expect(gif.frameInfo(2).delay).toBe(210)
    expect(gif.frameInfo(1).transparent_index).not.toBeNull()
  })

  it('takes frames one by one, and can be ended', async () => {
    const control = new AbortController()
    let made = 0
    async function* endless() {
      for (;;) {
        made++
        if (made === 3) control.abort(new Error('enough'))
        yield await frame(0.5)
      }
    }
    await expect(toGif(endless(), { signal: control.signal })).rejects.toThrow('enough')
    expect(made).toBe(3)
  })

  it('refuses no frames, frames of other sizes and options that do not fit', async () => {
    await expect(toGif([])).rejects.toThrow('toGif: expected at least one frame, got none')
    const other = await figure([], { width: 200 })
    await expect(toGif([await frame(0), other])).rejects.toThrow(
      /toGif: expected frames of one size, 160 × \d+ as/,
    )
    await expect(toGif([other], { fps: 0 })).rejects.toThrow('toGif: expected fps > 0, got 0')
    await expect(toGif([other], { repeat: -1 })).rejects.toThrow(
      'toGif: expected repeat to be a whole number',
    )
    await expect(toGif([other], { hold: -1 })).rejects.toThrow(
      'toGif: expected hold in [0, 600) seconds, got -1',
    )
  })
})

describe('toApng', () => {
  it('has the frames that toPng draws, to the byte', async () => {
    const pictures = await frames()
    const movie = decodeApng(await toApng(pictures, { fps: 4, scale: 2, repeat: 2, hold: 1 }))
    expect([movie.numberOfFrames, movie.numberOfPlays]).toEqual([3, 2])
    for (const [i, picture] of pictures.entries()) {
      const still = decode(await toPng(picture, { scale: 2 }))
      expect(same(movie.frames[i]!.data, still.data)).toBe(true)
      expect(movie.frames[i]!.delayNumber / movie.frames[i]!.delayDenominator).toBe(i === 2 ? 1.25 : 0.25)
    }
  })

  it('is a PNG file of its first frame where animation is not known', async () => {
    const pictures = await frames()
    const still = decode(await toApng(pictures, { scale: 2 }))
    expect(same(still.data, decode(await toPng(pictures[0]!)).data)).toBe(true)
  })
})

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return Buffer.from(Uint8Array.from(a)).equals(Buffer.from(Uint8Array.from(b)))
}
