import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { shapesIn, texts } from '../testing'
import { imageGrid } from './image-grid'

async function mosaic(...arguments_: Parameters<typeof imageGrid>) {
  const [image] = shapesIn(await figure([imageGrid(...arguments_)]), 'imageGrid', 'image')
  const at = (x: number, y: number) => [...image!.pixels.slice(4 * (y * image!.columns + x)).slice(0, 4)]
  return { image: image!, at }
}

describe('imageGrid', () => {
  it('has images in reading order, a clear pixel between them', async () => {
    const { image, at } = await mosaic(tensor([0, 0.2, 0.4, 0.6, 0.8, 1], [3, 1, 2, 1]), { columns: 2 })
    expect([image.columns, image.rows]).toEqual([5, 3])
    expect(at(0, 0)).toEqual([0, 0, 0, 255])
    expect(at(1, 0)).toEqual([51, 51, 51, 255])
    expect(at(2, 0)[3]).toBe(0)
    expect(at(3, 0)).toEqual([102, 102, 102, 255])
    expect(at(1, 2)).toEqual([255, 255, 255, 255])
    expect(at(4, 2)[3]).toBe(0)
  })

  it('has colours, opacity, bytes and other ranges', async () => {
    const bytes = { values: Uint8Array.of(10, 20, 30, 200), shape: [1, 1, 1, 4] }
    expect((await mosaic(bytes)).at(0, 0)).toEqual([10, 20, 30, 200])
    const signed = { values: [-1, 0, 3], shape: [1, 1, 1, 3] }
    expect((await mosaic(signed, { range: [-1, 1] })).at(0, 0)).toEqual([0, 128, 255, 255])
    const broken = { values: [Number.NaN, 0.5], shape: [1, 1, 2] }
    expect((await mosaic(broken)).at(0, 0)[3]).toBe(0)
    expect(texts(await figure([imageGrid(broken)]))).toContain(
      '1 of 2 values are not finite, and left clear.',
    )
  })

  it('has labels of its rows and columns, and no axes', async () => {
    const images = { values: new Float32Array(8), shape: [4, 1, 2] }
    const picture = await figure([
      imageGrid(images, { rowLabels: ['data', 'model'], columnLabels: ['a', 'b'] }),
    ])
    expect(texts(picture)).toEqual(['a', 'b', 'data', 'model'])
    expect(shapesIn(picture, 'axis x', 'path').flatMap(({ lines }) => lines)).toEqual([])
    expect(texts(await figure([imageGrid(images)]))).toEqual([])
  })

  it('refuses what is no image', async () => {
    await expect(imageGrid([[1, 2]])).rejects.toThrow(
      'imageGrid: expected images of shape [n, height, width, 1, 3 or 4 channels], got [1, 2]',
    )
    await expect(imageGrid({ values: [1, 2], shape: [1, 1, 1, 2] })).rejects.toThrow('got [1, 1, 1, 2]')
    const one = { values: [1], shape: [1, 1, 1] }
    await expect(imageGrid(one, { rowLabels: [] })).rejects.toThrow('imageGrid: expected 1 row labels, got 0')
    await expect(imageGrid(one, { range: [1, 0] })).rejects.toThrow(
      'imageGrid: expected range to be [low, high]',
    )
    expect(texts(await figure([imageGrid([])]))).toContain('no data')
  })
})
