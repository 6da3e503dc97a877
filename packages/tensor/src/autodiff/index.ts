import * as tf from '@tensorflow/tfjs'
import { checkShape, expected, formatShape } from '../check'
import { tidy } from '../memory'
import { dotRows } from '../ops/linear'
import { raw, wrap } from '../tf'
import type { NamedTensors, Tensor } from '../types'

/** What can be differentiated by: a tensor, a list of them, or named ones. */
export type Differentiable = Tensor | readonly Tensor[] | NamedTensors

/** The same structure as `P`, every tensor replaced by its gradient. */
export type Gradients<P extends Differentiable> = P extends Tensor
  ? Tensor
  : { readonly [K in keyof P]: Tensor }

/**
 * The gradient of `f` by its first argument.
 *
 * `f` returns a scalar, or one number per row `[B]`; in the latter case the rows must not depend on each
 * other, and row i of the gradient is the gradient of value i. Arguments after the first pass through.
 *
 * @throws RangeError when `f` returns another shape.
 */
export function grad<A extends readonly unknown[]>(
  f: (x: Tensor, ...rest: A) => Tensor,
): (x: Tensor, ...rest: A) => Tensor
export function grad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => Gradients<P>
export function grad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => Gradients<P> {
  return (x, ...rest) => valueAndGradient('grad', f, x, rest).gradient
}

/** {@link grad} with the value beside it. The value keeps `f`'s shape: `[]` or `[B]`. */
export function valueAndGrad<A extends readonly unknown[]>(
  f: (x: Tensor, ...rest: A) => Tensor,
): (x: Tensor, ...rest: A) => { value: Tensor; gradient: Tensor }
export function valueAndGrad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => { value: Tensor; gradient: Gradients<P> }
export function valueAndGrad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => { value: Tensor; gradient: Gradients<P> } {
  return (x, ...rest) => valueAndGradient('valueAndGrad', f, x, rest)
}

/** `f(x)` and cotangentᵀ · ∂f/∂x, for a cotangent of the shape of `f(x)`. */
export function vjp<P extends Differentiable>(
  f: (x: P) => Tensor,
  x: P,
  cotangent: Tensor,
): { value: Tensor; vjp: Gradients<P> } {
  const { value, gradient } = pullback('vjp', f, x, cotangent)
  return { value, vjp: gradient }
}

/** `f(x)` and ∂f/∂x · tangent, for a tangent of the shape of `x`. Computed as the transpose of a vjp. */
export function jvp(f: (x: Tensor) => Tensor, x: Tensor, tangent: Tensor): { value: Tensor; jvp: Tensor } {
  checkShape('jvp', 'a tangent', tangent.shape, x.shape)
  return tidy(() => {
    const value = f(x)
    const pull = (u: Tensor): Tensor => pullback('jvp', f, x, u).gradient
    return { value, jvp: pullback('jvp', pull, wrap(tf.zerosLike(raw(value))), tangent).gradient }
  })
}

/** The Hessian of `f` (scalar or per row, as in {@link grad}) times `v`, of the shape of `x`. */
export function hvp(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  checkShape('hvp', 'a vector', v.shape, x.shape)
  return pullback('hvp', grad(f), x, v).gradient
}

/**
 * The trace of the Jacobian of `f: [B, ...D] → [B, ...D]`, one number per row: `[B]`. Exact, with one vjp per
 * dimension. Rows must not depend on each other.
 */
export function divergence(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  const [batch, dims] = rowShape('divergence', x)
  return tidy(() => {
    let total: tf.Tensor = tf.zeros([batch])
    for (let i = 0; i < dims; i++) {
      const axis = tf.reshape(
        tf.tile(tf.cast(tf.oneHot(tf.tensor1d([i], 'int32'), dims), 'float32'), [batch, 1]),
        x.shape,
      )
      total = tf.add(total, raw(dotRows(pullback('divergence', f, x, wrap(axis)).gradient, wrap(axis))))
    }
    return wrap(total)
  })
}

/**
 * Hutchinson's estimate vᵀ(∂f/∂x)v of the {@link divergence}, one number per row, and `f(x)` beside it. Unbiased
 * when the probe's entries have mean 0 and covariance I (Skilling 1989, Hutchinson 1990).
 */
export function hutchinson(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  probe: Tensor,
): { value: Tensor; divergence: Tensor } {
  rowShape('hutchinson', x)
  checkShape('hutchinson', 'a probe', probe.shape, x.shape)
  return tidy(() => {
    const { value, gradient } = pullback('hutchinson', f, x, probe)
    return { value, divergence: dotRows(gradient, probe) }
  })
}

function valueAndGradient<P extends Differentiable, A extends readonly unknown[]>(
  where: string,
  f: (x: P, ...rest: A) => Tensor,
  x: P,
  rest: A,
): { value: Tensor; gradient: Gradients<P> } {
  return pullback(
    where,
    (inner: P) => {
      const y = f(inner, ...rest)
      if (y.shape.length > 1) throw expected(where, 'a function to [] or [B]', formatShape(y.shape))
      return y
    },
    x,
  )
}

/** The value of `f` and the gradient of ⟨cotangent, f⟩; without a cotangent, of Σ f. */
function pullback<P extends Differentiable>(
  where: string,
  f: (x: P) => Tensor,
  x: P,
  cotangent?: Tensor,
): { value: Tensor; gradient: Gradients<P> } {
  const { leaves, build } = flatten(x)
  const { value, grads } = tf.engine().gradients(
    () => {
      const y = f(x)
      if (cotangent) checkShape(where, 'a cotangent', cotangent.shape, y.shape)
      return raw(y)
    },
    leaves.map((leaf) => raw(leaf)),
    cotangent ? raw(cotangent) : null!,
    true,
  )
  return {
    value: wrap(value),
    gradient: build(grads.map((g, i) => wrap(g ?? tf.zerosLike(raw(leaves[i]!))))) as Gradients<P>,
  }
}

function flatten(x: Differentiable): { leaves: readonly Tensor[]; build: (values: Tensor[]) => unknown } {
  if (Array.isArray(x)) return { leaves: x, build: (values) => values }
  if (isTensor(x)) return { leaves: [x], build: (values) => values[0] }
  const names = Object.keys(x)
  return {
    leaves: names.map((name) => (x as NamedTensors)[name]!),
    build: (values) => Object.fromEntries(names.map((name, i) => [name, values[i]])),
  }
}

function isTensor(x: Differentiable): x is Tensor {
  return typeof (x as Tensor).data === 'function' && Array.isArray((x as Tensor).shape)
}

function rowShape(where: string, x: Tensor): [batch: number, dims: number] {
  if (x.shape.length === 0) throw expected(where, 'x of shape [B, ...]', '[]')
  const batch = x.shape[0]!
  return [batch, x.shape.slice(1).reduce((a, b) => a * b, 1)]
}
