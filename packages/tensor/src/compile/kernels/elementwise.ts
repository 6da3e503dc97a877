import { broadcastShapes } from '../../ops/broadcast'
import type { GraphDType, Value } from '../value'
import { type Inputs, type Kernel, kernel, type X } from './kernel'
import { meeting } from './rows'

export type Pair = { readonly a: Value; readonly b: Value }

const pointwise = <I extends Inputs, A extends object = object>(infer: Kernel<I, A>['infer']) =>
  kernel<I, A>({ infer, pointwise: true, rows: meeting })

const unary = <A extends object = object>(dtype?: GraphDType) =>
  pointwise<X, A>(({ x }) => ({ shape: x.shape, dtype: dtype ?? x.dtype }))

const binary = (dtype?: GraphDType) =>
  pointwise<Pair>(({ a, b }) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: dtype ?? a.dtype }))

/** Kernels that work element by element. */
export const elementwise = {
  Abs: unary(),
  Acos: unary(),
  Acosh: unary(),
  Add: binary(),
  AddN: pointwise<Inputs>((inputs) => inputs[0]!),
  Asin: unary(),
  Asinh: unary(),
  Atan: unary(),
  Atan2: binary(),
  Atanh: unary(),
  Cast: {
    ...pointwise<X, { readonly dtype: GraphDType }>(({ x }, { dtype }) => ({ shape: x.shape, dtype })),
    copies: (x: Value, result: Value) => x.dtype === result.dtype,
  },
  Ceil: unary(),
  ClipByValue: unary<{ readonly clipValueMin: number; readonly clipValueMax: number }>(),
  Cos: unary(),
  Cosh: unary(),
  Elu: unary(),
  EluGrad: pointwise<{ readonly dy: Value; readonly y: Value }>(({ y }) => y),
  Equal: binary('bool'),
  Erf: unary(),
  Exp: unary(),
  Expm1: unary(),
  Floor: unary(),
  FloorDiv: binary(),
  Greater: binary('bool'),
  GreaterEqual: binary('bool'),
  Identity: { ...unary(), copies: () => true },
  IsFinite: unary('bool'),
  IsInf: unary('bool'),
  IsNan: unary('bool'),
  LeakyRelu: unary<{ readonly alpha: number }>(),
  Less: binary('bool'),
  LessEqual: binary('bool'),
  Log: unary(),
  Log1p: unary(),
  LogicalAnd: binary('bool'),
  LogicalNot: unary('bool'),
  LogicalOr: binary('bool'),
  LogicalXor: binary('bool'),
  Maximum: binary(),
  Minimum: binary(),
  Mod: binary(),
  Multiply: binary(),
  Neg: unary(),
  NotEqual: binary('bool'),
  OnesLike: { ...unary(), fills: 1 },
  Pow: binary(),
  Prelu: pointwise<X & { readonly alpha: Value }>(({ x }) => x),
  RealDiv: binary(),
  Reciprocal: unary(),
  Relu: unary(),
  Relu6: unary(),
  Round: unary(),
  Rsqrt: unary(),
  Select: pointwise<{ readonly condition: Value; readonly t: Value; readonly e: Value }>(
    ({ condition, t, e }) => ({
      shape: broadcastShapes(condition.shape, broadcastShapes(t.shape, e.shape)),
      dtype: t.dtype,
    }),
  ),
  Selu: unary(),
  Sigmoid: unary(),
  Sign: unary(),
  Sin: unary(),
  Sinh: unary(),
  Softplus: unary(),
  Sqrt: unary(),
  Square: unary(),
  SquaredDifference: binary(),
  Step: unary<{ readonly alpha?: number }>(),
  Sub: binary(),
  Tan: unary(),
  Tanh: unary(),
  ZerosLike: { ...unary(), fills: 0 },
}
