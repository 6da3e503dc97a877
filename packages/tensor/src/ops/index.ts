export * from './activations'
export { broadcastShapes } from './broadcast'
export * from './compare'
export * from './conv'
export * from './create'
export {
  abs,
  acos,
  acosh,
  add,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cast,
  ceil,
  clip,
  cos,
  cosh,
  div,
  erf,
  exp,
  expm1,
  floor,
  isFiniteNumber,
  isNan,
  log,
  log1p,
  maximum,
  minimum,
  mod,
  mul,
  neg,
  pow,
  reciprocal,
  round,
  rsqrt,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  squaredDifference,
  sub,
  tan,
} from './elementwise'
export * from './linear'
export * from './reduce'
export * from './shape'
export * from './softmax'
export { stopGradient } from './stop-gradient'
