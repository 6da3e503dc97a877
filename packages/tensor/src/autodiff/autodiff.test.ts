import { describe, expect, test } from 'vitest'
import {
  add,
  divergence,
  dotRows,
  exp,
  grad,
  hutchinson,
  hvp,
  jvp,
  matMul,
  memory,
  mul,
  square,
  sum,
  sumRows,
  type Tensor,
  tanh,
  tensor,
  tidy,
  valueAndGrad,
  vjp,
} from '..'
import { expectNoLeaks } from '../testing'

/** s(x) = tanh(xA) + x², with A fixed: its Jacobian is diag(sech²(xA))Aᵀ + 2 diag(x), by rows of A. */
const A = [
  [0.5, -0.3, 0.2],
  [0.1, 0.4, -0.6],
  [-0.2, 0.7, 0.3],
]
const rows = [
  [0.3, -0.8, 1.1],
  [-1.2, 0.4, 0.6],
]
const probe = [
  [1, -1, 0.5],
  [-0.5, 2, 1],
]

const field = (x: Tensor): Tensor => add(tanh(matMul(x, tensor(A))), square(x))

/** J[j][i] = ∂s_j/∂x_i at one row. */
function jacobian(x: readonly number[], a: readonly (readonly number[])[] = A): number[][] {
  return x.map((_, j) => {
    const z = x.reduce((acc, value, i) => acc + value * a[i]![j]!, 0)
    return x.map((value, i) => a[i]![j]! * (1 - Math.tanh(z) ** 2) + (i === j ? 2 * value : 0))
  })
}

const trace = (x: readonly number[], a?: readonly (readonly number[])[]): number =>
  jacobian(x, a).reduce((acc, row, i) => acc + row[i]!, 0)

async function expectClose(got: Tensor, wanted: readonly number[], digits = 5): Promise<void> {
  const values = await got.data()
  expect(values.length).toBe(wanted.length)
  wanted.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, digits)
  })
}

describe('grad', () => {
  test('differentiates a scalar, and each row of [B]', async () => {
    const x = tensor(rows)
    await expectClose(
      grad((x) => sum(square(x)))(x),
      rows.flat().map((v) => 2 * v),
    )
    await expectClose(grad((x) => sumRows(exp(x)))(x), rows.flat().map(Math.exp))
  })

  test('keeps the structure it differentiates by', async () => {
    const f = ({ w, b }: { w: Tensor; b: Tensor }) => sum(add(mul(w, w), b))
    const { value, gradient } = valueAndGrad(f)({ w: tensor([1, 2]), b: tensor([3, 4]) })
    await expectClose(value, [12])
    await expectClose(gradient.w, [2, 4])
    await expectClose(gradient.b, [1, 1])
    const [first, second] = grad(([x, y]: readonly [Tensor, Tensor]) => sum(mul(x, y)))([
      tensor([5, 6]),
      tensor([7, 8]),
    ])
    await expectClose(first, [7, 8])
    await expectClose(second, [5, 6])
  })

  test('passes further arguments through', async () => {
    const f = (x: Tensor, scale: number) => sum(mul(x, scale))
    await expectClose(grad(f)(tensor([1, 2]), 3), [3, 3])
  })

  test('is 0 by what the function does not use', async () => {
    const gradient = grad(({ x }: { x: Tensor; unused: Tensor }) => sum(square(x)))({
      x: tensor([2]),
      unused: tensor([1, 1]),
    })
    await expectClose(gradient.x, [4])
    await expectClose(gradient.unused, [0, 0])
    await expectClose(grad(() => tensor(1, []))(tensor([1, 2])), [0, 0])
  })

  test('nests to any order', async () => {
    const third = grad((x) => sum(grad((x) => sum(grad((x) => sum(exp(x)))(x)))(x)))
    await expectClose(third(tensor([0.4, 1.3])), [Math.exp(0.4), Math.exp(1.3)])
  })

  test('gives fresh tensors even where the function returns its argument', async () => {
    const x = tensor([1, 2])
    const cotangent = tensor([3, 4])
    const { value, vjp: gradient } = vjp((x: Tensor) => x, x, cotangent)
    value.dispose()
    gradient.dispose()
    await expectClose(x, [1, 2])
    await expectClose(cotangent, [3, 4])
  })

  test('says what is wrong with its function or its argument', () => {
    const x = tensor([[1, 2]])
    expect(() => grad((x) => square(x))(x)).toThrow('grad: expected a function to [] or [B], got [1, 2]')
    expect(() => grad(() => undefined as unknown as Tensor)(x)).toThrow(
      'grad: expected a function that returns a tensor, got undefined',
    )
    expect(() => grad((async (x: Tensor) => sum(x)) as unknown as (x: Tensor) => Tensor)(x)).toThrow(
      'grad: expected a function that returns a tensor, got Promise',
    )
    expect(() => grad(() => tensor(1, [], 'int32'))(x)).toThrow(
      'grad: expected a function to float32, got int32',
    )
    expect(() => grad((x) => sum(x))(tensor([1], [1], 'int32'))).toThrow(
      'grad: expected float32 tensors to differentiate by, got int32',
    )
    expect(() => grad((_: Record<string, Tensor>) => tensor(1, []))({})).toThrow('at least one tensor')
    expect(() => vjp(square, x, tensor([1]))).toThrow('vjp: expected a cotangent of shape [1, 2], got [1]')
  })
})

describe('products with the Jacobian', () => {
  test('vjp is vᵀJ', async () => {
    const wanted = rows.flatMap((x, b) => {
      const j = jacobian(x)
      return x.map((_, i) => j.reduce((acc, row, k) => acc + probe[b]![k]! * row[i]!, 0))
    })
    await expectClose(vjp(field, tensor(rows), tensor(probe)).vjp, wanted)
  })

  test('jvp is Jv, with the value beside it', async () => {
    const { value, jvp: product } = jvp(field, tensor(rows), tensor(probe))
    const wanted = rows.flatMap((x, b) =>
      jacobian(x).map((row) => row.reduce((acc, entry, i) => acc + entry * probe[b]![i]!, 0)),
    )
    await expectClose(product, wanted)
    await expectClose(value, [...(await field(tensor(rows)).data())])
  })

  test('jvp may change the shape', async () => {
    await expectClose(jvp((x) => sumRows(square(x)), tensor(rows), tensor(probe)).jvp, [
      2 * (0.3 + 0.8 + 0.55),
      2 * (0.6 + 0.8 + 0.6),
    ])
  })

  test('hvp is Hv per row', async () => {
    const wanted = rows.flatMap((x, b) => x.map((value, i) => Math.exp(value) * probe[b]![i]!))
    await expectClose(
      hvp((x) => sumRows(exp(x)), tensor(rows), tensor(probe)),
      wanted,
    )
  })
})

describe('divergence', () => {
  test('is the trace of the Jacobian, per row', async () => {
    await expectClose(
      divergence(field, tensor(rows)),
      rows.map((x) => trace(x)),
    )
  })

  test('is the derivative where there is one dimension', async () => {
    await expectClose(divergence(square, tensor([[0.3], [2]])), [0.6, 4])
    await expectClose(divergence(square, tensor([0.3, 2])), [0.6, 4])
  })

  test('keeps axes beyond the first together', async () => {
    const x = tensor([rows])
    await expectClose(divergence(exp, x), [rows.flat().reduce((a, v) => a + Math.exp(v), 0)])
  })

  test('has the gradient by parameters that implicit score matching needs', async () => {
    const h = 1e-5
    const total = (a: readonly (readonly number[])[]) => rows.reduce((acc, x) => acc + trace(x, a), 0)
    const wanted = A.flatMap((row, i) =>
      row.map((_, j) => {
        const moved = (by: number) => A.map((r, k) => r.map((v, l) => (k === i && l === j ? v + by : v)))
        return (total(moved(h)) - total(moved(-h))) / (2 * h)
      }),
    )
    const loss = (a: Tensor) => sum(divergence((x) => add(tanh(matMul(x, a)), square(x)), tensor(rows)))
    await expectClose(grad(loss)(tensor(A)), wanted, 4)
  })

  test('has it to third order too, as an energy’s score needs', async () => {
    const energy = (a: Tensor) => (x: Tensor) => sumRows(tanh(matMul(x, a)))
    const loss = (a: Tensor) => sum(divergence(grad(energy(a)), tensor(rows)))
    // Of Σ_j tanh(a_j·x), the Laplacian is Σ_j |a_j|² tanh″(a_j·x).
    const total = (a: readonly (readonly number[])[]): number =>
      rows.reduce((acc, x) => {
        const terms = x.map((_, j) => {
          const z = Math.tanh(x.reduce((sum, value, i) => sum + value * a[i]![j]!, 0))
          return a.reduce((sum, row) => sum + row[j]! ** 2, 0) * -2 * z * (1 - z * z)
        })
        return acc + terms.reduce((p, q) => p + q, 0)
      }, 0)
    const h = 1e-5
    const wanted = A.flatMap((row, i) =>
      row.map((_, j) => {
        const moved = (by: number) => A.map((r, k) => r.map((v, l) => (k === i && l === j ? v + by : v)))
        return (total(moved(h)) - total(moved(-h))) / (2 * h)
      }),
    )
    await expectClose(grad(loss)(tensor(A)), wanted, 4)
  })

  test('needs no more memory for more dimensions', () => {
    const peak = (dims: number): number => {
      let most = 0
      const before = memory().tensors
      tidy(() => {
        const x = tensor(new Float32Array(2 * dims), [2, dims])
        return divergence((x) => {
          most = Math.max(most, memory().tensors - before)
          return tanh(x)
        }, x)
      }).dispose()
      return most
    }
    expect(peak(40)).toBe(peak(4))
  })
})

describe('hutchinson', () => {
  test('is vᵀJv, with the value beside it', async () => {
    const { value, divergence } = hutchinson(field, tensor(rows), tensor(probe))
    const wanted = rows.map((x, b) =>
      jacobian(x).reduce(
        (acc, row, j) => acc + row.reduce((s, entry, i) => s + probe[b]![j]! * entry * probe[b]![i]!, 0),
        0,
      ),
    )
    await expectClose(divergence, wanted)
    await expectClose(value, [...(await field(tensor(rows)).data())])
  })

  test('has the gradient by parameters that sliced score matching needs', async () => {
    const h = 1e-5
    const estimate = (a: readonly (readonly number[])[]) =>
      rows.reduce((acc, x, b) => {
        const j = jacobian(x, a)
        return (
          acc +
          j.reduce((s, row, k) => s + row.reduce((t, e, i) => t + probe[b]![k]! * e * probe[b]![i]!, 0), 0)
        )
      }, 0)
    const wanted = A.flatMap((row, i) =>
      row.map((_, j) => {
        const moved = (by: number) => A.map((r, k) => r.map((v, l) => (k === i && l === j ? v + by : v)))
        return (estimate(moved(h)) - estimate(moved(-h))) / (2 * h)
      }),
    )
    const loss = (a: Tensor) =>
      sum(hutchinson((x) => add(tanh(matMul(x, a)), square(x)), tensor(rows), tensor(probe)).divergence)
    await expectClose(grad(loss)(tensor(A)), wanted, 4)
  })

  test('says what is wrong with its function or its probe', () => {
    const x = tensor(rows)
    expect(() => hutchinson(field, x, tensor([1, 2]))).toThrow(
      'hutchinson: expected a probe of shape [2, 3], got [2]',
    )
    expect(() => divergence((x) => sumRows(x), x)).toThrow(
      'divergence: expected a function value of shape [2, 3], got [2]',
    )
    expect(() => divergence((x) => x, tensor(1, []))).toThrow(
      'divergence: expected x of shape [B, ...], got []',
    )
  })
})

describe('memory', () => {
  const f = (x: Tensor): Tensor => sumRows(tanh(square(x)))
  test.each<[string, (x: Tensor, v: Tensor) => unknown]>([
    ['grad', (x) => grad(f)(x)],
    ['valueAndGrad', (x) => valueAndGrad(f)(x)],
    ['vjp', (x, v) => vjp(field, x, v)],
    ['jvp', (x, v) => jvp(field, x, v)],
    ['hvp', (x, v) => hvp(f, x, v)],
    ['divergence', (x) => divergence(field, x)],
    ['hutchinson', (x, v) => hutchinson(field, x, v)],
    ['grad of grad', (x) => grad((x) => dotRows(grad(f)(x), x))(x)],
  ])('%s leaves only what it returns', (_name, run) => {
    const x = tensor(rows)
    const v = tensor(probe)
    expectNoLeaks(() => run(x, v))
  })

  test('a function that throws leaves nothing behind', async () => {
    const x = tensor(rows)
    expectNoLeaks(() => {
      const broken = (y: Tensor): Tensor => {
        const z = tanh(square(y))
        if (z.shape.length === 2) throw new Error('broken on purpose')
        return z
      }
      expect(() => grad(broken)(x)).toThrow('broken on purpose')
      expect(() => grad((x) => sumRows(grad(broken)(x)))(x)).toThrow('broken on purpose')
    })
    await expectClose(
      grad((x) => sum(square(x)))(x),
      rows.flat().map((value) => 2 * value),
    )
  })
})
