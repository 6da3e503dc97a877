import { dispose, key, type Tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { glyphs } from '../glyphs'
import { geometricAugmentation } from './geometric-augmentation'
import { imageBatches } from './image-batches'
import { type ImageSet, imageSet, images } from './image-set'

/** 12 images of 1×3 pixels: image i is (20i, 20i + 1, 20i + 2), of class i mod 3. */
const ramps = imageSet({
  bytes: Uint8Array.from({ length: 36 }, (_, at) => 20 * Math.floor(at / 3) + (at % 3)),
  shape: [1, 3, 1],
  labels: Array.from({ length: 12 }, (_, i) => i % 3),
})

async function values(x: Tensor): Promise<number[]> {
  const list = Array.from(await x.data())
  x.dispose()
  return list
}

describe('images', () => {
  it('are bytes over 255, or in the range asked for', async () => {
    const x = await images(ramps, [2, 0])
    expect(x.shape).toEqual([2, 1, 3, 1])
    expect(x.dtype).toBe('float32')
    expect(await values(x)).toEqual([40, 41, 42, 0, 1, 2].map((byte) => Math.fround(byte / 255)))
    const black = imageSet({ bytes: Uint8Array.of(0, 255), shape: [1, 2, 1] })
    expect(await values(await images(black, [0], { range: [-1, 3] }))).toEqual([-1, 3])
    const all = await images(ramps)
    expect(all.shape).toEqual([12, 1, 3, 1])
    all.dispose()
  })

  it('check what they get', async () => {
    await expect(images(ramps, [12])).rejects.toThrow('images: expected indices in [0, 12), got 12')
    await expect(images(ramps, [0], { range: [1, 1] })).rejects.toThrow(
      'images: expected range to be [low, high] with low < high, got [1, 1]',
    )
    const bytes = new Uint8Array(10)
    expect(() => imageSet({ bytes, shape: [1, 3, 1] })).toThrow(
      'imageSet: expected a multiple of 1×3×1 = 3 bytes, got 10',
    )
    expect(() => imageSet({ bytes, shape: [0, 3, 1] })).toThrow('[height, width, channels] of integers >= 1')
    expect(() => imageSet({ bytes, shape: [1, 5, 1], labels: [1] })).toThrow('2 labels, one an image, got 1')
    expect(() => imageSet({ bytes, shape: [1, 5, 1], labels: [0, 2], classes: ['a', 'b'] })).toThrow(
      'imageSet: expected labels to be integers in [0, 2), got 2 for image 1',
    )
  })
})

describe('imageBatches', () => {
  it('gives every image once an epoch, with its label', async () => {
    const data = imageBatches(ramps, { size: 4, key: key(0), labels: true })
    expect(data.perEpoch).toBe(3)
    const seen: number[] = []
    for await (const { x, condition } of data.epoch(1)) {
      expect(condition.dtype).toBe('int32')
      expect(x.shape).toEqual([4, 1, 3, 1])
      const labels = await values(condition)
      const pixels = await values(x)
      for (let i = 0; i < 4; i++) {
        const image = Math.round((255 * pixels[3 * i]!) / 20)
        expect(labels[i]).toBe(image % 3)
        seen.push(image)
      }
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i))
  })

  it('alters an image by key, epoch and number, whatever the batch', async () => {
    const options = { key: key(1), shuffle: false, dequantize: true, flip: true } as const
    const epoch = async (size: number, index: number) => {
      const list: number[] = []
      for await (const x of imageBatches(ramps, { size, ...options }).epoch(index))
        list.push(...(await values(x)))
      return list
    }
    expect(await epoch(3, 5)).toEqual(await epoch(12, 5))
    expect(await epoch(3, 5)).not.toEqual(await epoch(3, 6))
  })

  it('dequantises to (b + u)/256 with u uniform', async () => {
    const data = imageBatches(ramps, { size: 12, key: key(2), shuffle: false, dequantize: true })
    const noise: number[] = []
    for (let step = 0; step < 100; step++) {
      for (const [at, value] of (await values(await data(step))).entries()) {
        noise.push(256 * value - (20 * Math.floor(at / 3) + (at % 3)))
      }
    }
    expect(Math.min(...noise)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...noise)).toBeLessThanOrEqual(1)
    noise.sort((a, b) => a - b)
    const distance = Math.max(...noise.map((u, i) => Math.abs(u - (i + 0.5) / noise.length)))
    expect(distance).toBeLessThan(1.95 / Math.sqrt(noise.length)) // Kolmogorov–Smirnov, 0.001
  })

  it('mirrors each image in half of the epochs', async () => {
    const data = imageBatches(ramps, { size: 12, key: key(3), shuffle: false, flip: true, range: [0, 255] })
    let mirrored = 0
    for (let step = 0; step < 50; step++) {
      const pixels = (await values(await data(step))).map(Math.round)
      for (let i = 0; i < 12; i++) {
        const image = pixels.slice(3 * i, 3 * i + 3).map((byte) => byte - 20 * i)
        expect([
          [0, 1, 2],
          [2, 1, 0],
        ]).toContainEqual(image)
        if (image[0] === 2) mirrored += 1
      }
    }
    expect(Math.abs(mirrored - 300)).toBeLessThan(3.3 * Math.sqrt(150))
  })

  it('keeps the channels of a pixel together when it mirrors', async () => {
    const colour = imageSet({ bytes: Uint8Array.from({ length: 18 }, (_, i) => i), shape: [2, 3, 3] })
    const data = imageBatches(colour, { size: 1, key: key(3), flip: true, range: [0, 255] })
    const seen = new Set<string>()
    for (let step = 0; step < 20; step++) seen.add((await values(await data(step))).map(Math.round).join())
    expect([...seen].sort()).toEqual([
      '0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17',
      '6,7,8,3,4,5,0,1,2,15,16,17,12,13,14,9,10,11',
    ])
  })

  it('drops labels to the null class, with the chance asked for', async () => {
    const data = imageBatches(ramps, { size: 12, key: key(4), shuffle: false, labels: true, dropLabels: 0.2 })
    let dropped = 0
    for (let step = 0; step < 100; step++) {
      const { x, condition } = await data(step)
      x.dispose()
      for (const [i, label] of (await values(condition)).entries()) {
        expect([i % 3, 3]).toContain(label)
        if (label === 3) dropped += 1
      }
    }
    expect(Math.abs(dropped - 240)).toBeLessThan(3.3 * Math.sqrt(192))
    const digits = imageBatches(glyphs({ count: 3, key: key(0) }), {
      size: 3,
      key: key(0),
      labels: true,
      dropLabels: 1,
    })
    const { x, condition } = await digits(0)
    x.dispose()
    expect(await values(condition)).toEqual([10, 10, 10])
  })

  it('tells how it altered each image, and leaves those as they are of which it tells nothing', async () => {
    const set = glyphs({ count: 60, key: key(0), size: 8 })
    const augment = geometricAugmentation()
    const options = { key: key(6), shuffle: false, labels: true, dequantize: true } as const
    const plain = await imageBatches(set, { ...options, size: 60 })(3)
    const { x, condition } = await imageBatches(set, { ...options, size: 60, augment })(3)
    expect(Object.keys(condition)).toEqual(['class_labels', 'augmentation'])
    expect(condition.augmentation!.shape).toEqual([60, augment.size])
    expect(await values(condition.class_labels!)).toEqual(await values(plain.condition))
    const [told, before, after] = [condition.augmentation!, plain.x, x].map(values)
    const unchanged = (await told!).map((number) => number === 0)
    let altered = 0
    for (let i = 0; i < 60; i++) {
      const asItIs = unchanged.slice(9 * i, 9 * i + 9).every(Boolean)
      const [a, b] = [await before!, await after!].map((all) => all.slice(64 * i, 64 * i + 64))
      if (asItIs) expect(b).toEqual(a)
      else altered += a!.some((value, j) => value !== b![j]) ? 1 : 0
    }
    // 1 − 0.88⁶ of 60
    expect(Math.abs(altered - 32)).toBeLessThan(3.3 * Math.sqrt(60 * 0.54 * 0.46))
    const few = await imageBatches(set, { ...options, size: 4, augment })(15 * 3)
    expect(await values(few.x)).toEqual((await after!).slice(0, 4 * 64))
    dispose(few.condition)
    const unlabelled = await imageBatches(set, { size: 4, key: key(6), augment })(0)
    expect(Object.keys(unlabelled.condition)).toEqual(['augmentation'])
    dispose(unlabelled)
  })

  it('resumes anywhere and leaves nothing alive but the batch', async () => {
    const options = { size: 4, key: key(5), dequantize: true, labels: true } as const
    const { x } = await expectNoLeaks(() => imageBatches(ramps, options)(7))
    const second = imageBatches(ramps, options)
    for (const step of [9, 0]) for (const part of Object.values(await second(step))) part.dispose()
    expect(await values((await second(7)).x)).toEqual(await values(x))
  })

  it('checks its options', async () => {
    const bare: ImageSet = imageSet({ bytes: new Uint8Array(4), shape: [1, 2, 1] })
    const options = { size: 1, key: key(0) }
    expect(() => imageBatches(bare, { ...options, labels: true })).toThrow(
      'imageBatches: expected a set with labels, got one without',
    )
    expect(() => imageBatches(ramps, { ...options, labels: true, dropLabels: 1.5 })).toThrow(
      'imageBatches: expected dropLabels in [0, 1], got 1.5',
    )
    const wrong = { size: 2, draws: 1, alter: (image: Float32Array) => ({ image, told: [0] }) }
    await expect(imageBatches(ramps, { ...options, augment: wrong })(0)).rejects.toThrow(
      'imageBatches: expected augment.alter to give 3 pixels and 2 numbers, got 3 and 1',
    )
    expect(() =>
      imageBatches(ramps, { ...options, augment: { ...geometricAugmentation(), size: 0 } }),
    ).toThrow('imageBatches: expected augment.size to be an integer >= 1, got 0')
    expect(() => imageBatches(ramps, { ...options, dropLabels: 0.1 })).toThrow(
      'imageBatches: expected labels: true beside dropLabels, got false',
    )
    expect(() => imageBatches(ramps, { ...options, range: [1, 0] })).toThrow('low < high, got [1, 0]')
    expect(() => imageBatches(ramps, { ...options, size: 13 })).toThrow(
      'size to be an integer in [1, 12], got 13',
    )
  })
})
