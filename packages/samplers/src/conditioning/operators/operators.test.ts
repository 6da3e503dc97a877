import {
  add,
  dispose,
  dotRows,
  full,
  grad,
  key,
  mul,
  normal,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import fixture from '../../../fixtures/operators.json'
import { bicubic, filteredBackProjection } from '../reconstructions'
import {
  blurOperator,
  fourierOperator,
  gaussianKernel,
  greyOperator,
  type ImageShape,
  kSpaceMask,
  type LinearOperator,
  leastSquares,
  maskOperator,
  matrixOperator,
  motionKernel,
  poolingOperator,
  radonOperator,
  randomRowsOperator,
} from '.'

const shapes: readonly ImageShape[] = [[8, 8, 1], [7, 7, 3], [6, 9, 2], [5, 1, 1]] // biome-ignore format: shapes
const bits = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 7) % 3 && 1)

/** Every operator for images of a shape. */
function operatorsFor(shape: ImageShape): Record<string, () => LinearOperator> {
  const [height, width, channels] = shape
  const pixels = height * width
  return {
    'a mask of pixels': () => maskOperator(bits(pixels), shape),
    'a mask of entries': () => maskOperator(bits(pixels * channels), shape),
    grey: () => greyOperator(shape),
    'pooling by 2': () => poolingOperator(shape, 2),
    'pooling by 4': () => poolingOperator(shape, 4),
    'a Gaussian blur': () => blurOperator(shape, gaussianKernel({ sigma: 1.2 })),
    'a motion blur': () => blurOperator(shape, motionKernel({ length: 4.5, angle: 30 })),
    'rows of k-space': () =>
      fourierOperator(shape, kSpaceMask([height, width], { key: key(1), acceleration: 2 })),
    'points of k-space': () =>
      fourierOperator(
        shape,
        kSpaceMask([height, width], { key: key(2), pattern: 'random', acceleration: 3 }),
      ),
    'random rows': () => randomRowsOperator(shape, { key: key(3), rows: 11 }),
    'a matrix': () =>
      matrixOperator([bits(pixels * channels), bits(pixels * channels).map((b, i) => b - (i % 2))], shape),
    ...(height === width && {
      views: () => radonOperator(shape, { views: 5 }),
      'views by angle': () => radonOperator(shape, { views: [10, 77.5] }),
    }),
  }
}

const values = async (x: Tensor): Promise<number[]> => Array.from(await x.data())
const norm = async (x: Tensor): Promise<number> => Math.hypot(...(await values(x)))
const cases = shapes.flatMap((shape) =>
  Object.keys(operatorsFor(shape)).map((name) => [name, shape] as const),
)

describe.each(cases)('%s of %j', (name, shape) => {
  const operator = operatorsFor(shape)[name]!()
  const x = normal(key(4), [2, ...operator.domain])
  const y = normal(key(5), [2, ...operator.codomain])

  it('has the adjoint, and its gradient is that', async () => {
    const [left, right] = [
      await values(dotRows(operator.apply(x), y)),
      await values(dotRows(x, operator.adjoint(y))),
    ]
    const scale = (await norm(operator.apply(x))) * (await norm(y))
    for (const [i, value] of left.entries()) expect(Math.abs(value - right[i]!)).toBeLessThan(1e-5 * scale)
    const pulled = grad((at: Tensor) => sum(mul(operator.apply(at), y)))(x)
    expect(await norm(sub(pulled, operator.adjoint(y)))).toBeLessThan(1e-5 * (1 + (await norm(pulled))))
    const pushed = grad((at: Tensor) => sum(mul(operator.adjoint(at), x)))(y)
    expect(await norm(sub(pushed, operator.apply(x)))).toBeLessThan(1e-5 * (1 + (await norm(pushed))))
  })

  it('inverts as least squares do: the gradient is 0 there', async () => {
    for (const lambda of operator.spectrum || operator.invert ? [0, 0.3] : [0.3]) {
      const u = leastSquares(operator, y, full([2], lambda), { iterations: operator.spectrum ?? 40 })
      const slope = sub(operator.adjoint(sub(y, operator.apply(u))), mul(u, lambda))
      expect(await norm(slope)).toBeLessThan(1e-4 * (await norm(operator.adjoint(y))))
    }
  })

  it('refuses other shapes, and leaves nothing behind', async () => {
    const lambda = full([2], 0.1)
    expect(() => operator.apply(full([2, 3, 5, 7, 2], 1))).toThrow(/: expected a datum x of shape/)
    expect(() => operator.adjoint(full([2, 3, 5, 7, 2], 1))).toThrow(/: expected a measurement y of shape/)
    await expectNoLeaks(async () => {
      const own = operatorsFor(shape)[name]!()
      dispose([own.apply(x), own.adjoint(y), leastSquares(own, y, lambda)])
      own.dispose?.()
    })
  })
})

describe.each(fixture.cases)('of $size × $size pixels, as NumPy and scikit-image have it', (given) => {
  const { size } = given
  const image = (numbers: number[]): Tensor => tensor(numbers, [1, size, size, 1])
  const near = async (got: Tensor, wanted: number[], within = 2e-5): Promise<void> => {
    const found = await values(got)
    expect(found.length).toBe(wanted.length)
    expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(within)
  }

  it('radon and its filtered back-projection', async () => {
    const operator = radonOperator([size, size, 1], { views: given.views })
    await near(operator.apply(image(given.inside)), given.radon)
    const sinogram = tensor(given.radon, [1, given.views, size, 1])
    await near(await filteredBackProjection(sinogram, { views: given.views }), given.iradon)
  })

  it('the Fourier transform', async () => {
    const everything = new Array<number>(size * size).fill(1)
    await near(fourierOperator([size, size, 1], everything).apply(image(given.x)), given.fourier)
  })

  it('blurs, squares and bicubic enlargement', async () => {
    await near(blurOperator([size, size, 1], given.kernel).apply(image(given.x)), given.blurred)
    await near(bicubic(image(given.x), 2), given.bicubic)
    if (given.pooled) await near(poolingOperator([size, size, 1], 2).apply(image(given.x)), given.pooled)
  })
})

it.each([
  { size: 64, x: 0, y: 0, radius: 20 },
  { size: 65, x: 8, y: -5, radius: 14 },
])('sees the chords of a disc of radius $radius at ($x, $y), and finds its value again', async (disc) => {
  const { size, radius } = disc
  const centre = Math.floor(size / 2)
  const sub4 = [-0.375, -0.125, 0.125, 0.375]
  const inside = Array.from({ length: size * size }, (_, i) => {
    const [dx, dy] = [(i % size) - centre - disc.x, Math.floor(i / size) - centre - disc.y]
    const hits = sub4.flatMap((a) => sub4.filter((b) => Math.hypot(dx + a, dy + b) < radius))
    return hits.length / 16
  })
  const views = [0, 31, 90, 118]
  const sums = await values(
    radonOperator([size, size, 1], { views }).apply(tensor(inside, [1, size, size, 1])),
  )
  for (const [v, angle] of views.entries()) {
    const turn = (angle * Math.PI) / 180
    const at = centre + disc.x * Math.cos(turn) - disc.y * Math.sin(turn)
    for (let k = 0; k < size; k++) {
      const chord = 2 * Math.sqrt(Math.max(0, radius ** 2 - (k - at) ** 2))
      const off = Math.abs(sums[v * size + k]! - chord)
      // Within a pixel of the edge the chord's slope has no bound.
      const edge = Math.abs(Math.abs(k - at) - radius) < 1.5
      expect(off).toBeLessThan(edge ? 8 : 0.6)
    }
  }
  const many = { views: 90 }
  const sinogram = radonOperator([size, size, 1], many).apply(tensor(inside, [1, size, size, 1]))
  const image = await values(await filteredBackProjection(sinogram, many))
  expect(image[(centre + disc.y) * size + centre + disc.x]).toBeCloseTo(1, 1)
})

it('keeps of k-space what it says', () => {
  for (const [height, width] of [
    [32, 32],
    [31, 17],
  ] as const) {
    const rows = kSpaceMask([height, width], { key: key(0) })
    const perRow = Array.from({ length: height }, (_, u) => rows.slice(u * width, (u + 1) * width))
    for (const row of perRow) expect(new Set(row).size).toBe(1)
    expect(perRow.filter(([m]) => m === 1).length).toBe(Math.round(height / 4))
    for (const u of [0, 1, height - 1]) expect(perRow[u]![0]).toBe(1)
    const points = kSpaceMask([height, width], { key: key(0), pattern: 'random', acceleration: 3 })
    expect(points.filter((m) => m === 1).length).toBe(Math.round((height * width) / 3))
    expect(points[0]).toBe(1)
    expect(kSpaceMask([height, width], { key: key(1) })).not.toEqual(rows)
  }
})

it('makes kernels of sum 1, with the spread they are named by', () => {
  const spread = (kernel: readonly (readonly number[])[], of: (y: number, x: number) => number): number => {
    const reach = (kernel.length - 1) / 2
    return kernel
      .flatMap((row, y) => row.map((k, x) => k * of(y - reach, x - reach)))
      .reduce((a, b) => a + b, 0)
  }
  const blur = gaussianKernel({ sigma: 2, reach: 12 })
  expect(spread(blur, () => 1)).toBeCloseTo(1, 9)
  expect(spread(blur, (y) => y * y)).toBeCloseTo(4, 3)
  const motion = motionKernel({ length: 5 })
  expect(motion[2]).toEqual([0.2, 0.2, 0.2, 0.2, 0.2])
  expect(spread(motionKernel({ length: 9, angle: 45 }), (y, x) => x * y)).toBeLessThan(-2)
  expect(spread(motionKernel({ length: 9, angle: 90 }), (_, x) => x * x)).toBeCloseTo(0, 9)
})

it('goes towards the pseudo-inverse, never beyond, however few the iterations', async () => {
  const operator = radonOperator([12, 12, 1], { views: 4 })
  const r = normal(key(0), [1, ...operator.codomain])
  let last = 0
  for (const iterations of [1, 2, 4, 8, 16]) {
    const size = await norm(leastSquares(operator, r, full([1], 0.01), { iterations }))
    expect(size).toBeGreaterThanOrEqual(last * (1 - 1e-5))
    last = size
  }
  const exact = await norm(leastSquares(operator, r, full([1], 0.01), { iterations: 200 }))
  expect(last).toBeLessThanOrEqual(exact * (1 + 1e-4))
  const nothing = leastSquares(operator, full(r.shape, 0), full([1], 0))
  expect(await norm(nothing)).toBe(0)
})

it.each([
  [() => maskOperator([0.5]), 'maskOperator: expected a mask with entries of 0 or 1, got 0.5'],
  [
    () => maskOperator([1, 0, 1], [2, 2, 1]),
    'maskOperator: expected a mask of 4 entries, or one a pixel, got 3',
  ],
  [() => greyOperator([4, 4] as never), 'greyOperator: expected shape [height, width, channels], got'],
  [() => poolingOperator([4, 4, 1], 1.5), 'poolingOperator: expected factor to be an integer >= 1, got 1.5'],
  [() => blurOperator([4, 4, 1], [[1, 1]]), 'blurOperator: expected a kernel of odd sides'],
  [() => gaussianKernel({ sigma: 0 }), 'gaussianKernel: expected sigma > 0, got 0'],
  [() => motionKernel({ length: -1 }), 'motionKernel: expected length > 0, got -1'],
  [() => radonOperator([4, 5, 1]), 'radonOperator: expected square images, got [4, 5]'],
  [() => radonOperator([4, 4, 1], { views: [] }), 'radonOperator: expected one view or more, got none'],
  [
    () => radonOperator([4, 4, 1], { views: 0 }),
    'radonOperator: expected views to be an integer >= 1, got 0',
  ],
  [() => fourierOperator([4, 4, 1], [1, 0]), 'fourierOperator: expected a mask of 4×4 frequencies, got 2'],
  [
    () => kSpaceMask([4, 4], { key: key(0), acceleration: 0.5 }),
    'kSpaceMask: expected acceleration >= 1, got 0.5',
  ],
  [
    () => randomRowsOperator([4], { key: key(0), rows: 0 }),
    'randomRowsOperator: expected rows to be an integer >= 1',
  ],
  [
    () =>
      matrixOperator([
        [1, 2],
        [2, 4],
      ]),
    'matrixOperator: expected linearly independent rows',
  ],
  [() => matrixOperator([[1, 2]], [3]), 'matrixOperator: expected a domain of 2 numbers, got [3]'],
  [
    () =>
      tidy(() => add(full([1], 0), 0)) &&
      leastSquares(greyOperator([1, 1, 2]), full([1, 2], 0), full([1], 0)),
    'leastSquares: expected r of shape [1, 1, 1], got [2]',
  ],
  [
    () => leastSquares({ ...maskOperator([1, 0]), spectrum: '1' as never }, full([1, 1], 0), full([1], 0)),
    "leastSquares: expected operator.spectrum to be an integer >= 1, got '1'",
  ],
] as const)('refuses %s', (call, message) => {
  expect(call).toThrow(message)
})
