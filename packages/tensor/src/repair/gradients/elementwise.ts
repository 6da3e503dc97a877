import * as tf from '@tensorflow/tfjs'
import { gradient, sumTo, zerosOf } from './helpers'

const SELU_SCALE = 1.0507009873554805
const SELU_SCALE_ALPHA = 1.7580993408473768

/** elu′ = eˣ left of 0: elu + 1, which tfjs has, loses its digits in the tail. */
const elu = gradient(tf.Elu, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => tf.mul(dy, tf.exp(tf.minimum(x!, 0))),
}))

/** Finite at any x, where tfjs multiplies an overflowing eˣ by 0. */
const selu = gradient(tf.Selu, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => {
    const left = tf.mul(tf.exp(tf.minimum(x!, 0)), SELU_SCALE_ALPHA)
    return tf.mul(dy, tf.where(tf.greater(x!, 0), SELU_SCALE, left))
  },
}))

/** 1/√(1 + x²) by parts of m = max(1, |x|), where tfjs squares x, which leaves float32 from 2e19 on. */
const asinh = gradient(tf.Asinh, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => {
    const m = tf.maximum(tf.abs(x!), 1)
    const squares = tf.add(tf.square(tf.div(1, m)), tf.square(tf.div(x!, m)))
    return tf.mul(dy, tf.div(tf.rsqrt(squares), m))
  },
}))

/** 1/√(x² − 1), without the square. */
const acosh = gradient(tf.Acosh, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => tf.mul(dy, tf.mul(tf.rsqrt(tf.sub(x!, 1)), tf.rsqrt(tf.add(x!, 1)))),
}))

/** 0 at 0, where tfjs has −1. */
const abs = gradient(tf.Abs, { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(x!)) }))

/** Integers and bools do not vary: tfjs lets the gradient through. */
const cast = gradient<{ dtype: tf.DataType }>(tf.Cast, {}, (dy, _saved, { dtype }) => ({
  x: () => (dtype === 'int32' || dtype === 'bool' ? zerosOf(dy) : tf.clone(dy)),
}))

/** 2dy · x, where tfjs has dy · 2x: a cotangent that repeats, as of a mean, is doubled before it is spread. */
const square = gradient(tf.Square, { inputs: ['x'] }, (dy, [x]) => ({
  x: () => tf.mul(tf.cast(x!, 'float32'), tf.mul(dy, 2)),
}))

/** −(a/b)/b, where tfjs has a over b², which leaves float32 long before. */
const div = gradient(tf.RealDiv, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.div(dy, b!), a!.shape),
  b: () => sumTo(tf.neg(tf.mul(dy, tf.div(tf.div(a!, b!), b!))), b!.shape),
}))

/** Finite where the base is 0 and where it is negative: tfjs multiplies 0 by an infinite power or logarithm. */
const pow = gradient(tf.Pow, { inputs: ['a', 'b'], output: true }, (dy, [a, b, y]) => ({
  a: () => {
    const exponent = tf.cast(b!, 'float32')
    const less = tf.where(tf.equal(exponent, 0), 1, tf.sub(exponent, 1))
    return sumTo(tf.mul(dy, tf.mul(exponent, tf.pow(a!, less))), a!.shape)
  },
  b: () => {
    const logarithm = tf.log(tf.where(tf.greater(a!, 0), a!, 1))
    return sumTo(tf.mul(dy, tf.mul(y!, logarithm)), b!.shape)
  },
}))

/** Summed over stretched axes, as are the next two: tfjs throws there. */
const squaredDifference = gradient(tf.SquaredDifference, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(tf.mul(dy, tf.mul(tf.sub(a!, b!), 2)), a!.shape),
  b: () => sumTo(tf.mul(dy, tf.mul(tf.sub(b!, a!), 2)), b!.shape),
}))

/** dy where its operand was taken, 0 elsewhere: tfjs multiplies by 0, which times an infinity is NaN. */
const taken = (isTaken: tf.Tensor, dy: tf.Tensor): tf.Tensor => tf.where(isTaken, dy, 0)

const relu = gradient(tf.Relu, { inputs: ['x'] }, (dy, [x]) => ({ x: () => taken(tf.greater(x!, 0), dy) }))

const maximum = gradient(tf.Maximum, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(taken(tf.greaterEqual(a!, b!), dy), a!.shape),
  b: () => sumTo(taken(tf.less(a!, b!), dy), b!.shape),
}))

const minimum = gradient(tf.Minimum, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(taken(tf.lessEqual(a!, b!), dy), a!.shape),
  b: () => sumTo(taken(tf.greater(a!, b!), dy), b!.shape),
}))

/** (b, −a)/(a² + b²) by the larger of the two, m, and their quotient r: tfjs squares both, which leaves float32 from 2e19 on and below 1e-19. */
const atan2 = gradient(tf.Atan2, { inputs: ['a', 'b'] }, (dy, [a, b]) => {
  const slope = (of: tf.Tensor): tf.Tensor => {
    const sizes = [tf.abs(a!), tf.abs(b!)] as const
    const m = tf.maximum(...sizes)
    const r = tf.div(tf.minimum(...sizes), m)
    return tf.mul(dy, tf.div(tf.div(of, tf.mul(m, tf.add(tf.square(r), 1))), m))
  }
  return { a: () => sumTo(slope(b!), a!.shape), b: () => sumTo(tf.neg(slope(a!)), b!.shape) }
})

/** By floats: tfjs takes the floor of a quotient of integers, and throws. */
const mod = gradient(tf.Mod, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
  a: () => sumTo(dy, a!.shape),
  b: () => {
    const [x, y] = [tf.cast(a!, 'float32'), tf.cast(b!, 'float32')]
    return sumTo(tf.neg(tf.mul(dy, tf.floor(tf.div(x, y)))), b!.shape)
  },
}))

/** What was not taken has 0, where tfjs multiplies dy by 0. */
const select = gradient(tf.Select, { inputs: ['condition'] }, (dy, [condition]) => ({
  condition: () => zerosOf(condition!),
  t: () => taken(condition!, dy),
  e: () => tf.where(condition!, 0, dy),
}))

export const elementwiseGradients = [
  elu,
  selu,
  asinh,
  acosh,
  abs,
  cast,
  square,
  div,
  pow,
  squaredDifference,
  atan2,
  relu,
  maximum,
  minimum,
  mod,
  select,
]
