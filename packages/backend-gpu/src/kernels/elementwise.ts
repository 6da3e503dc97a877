import type { Elementwise, HelperName } from '@sgm/tensor/compile'
import { flag, wgslType } from '../wgsl/types'
import type { Expression, Rule, Rules } from './rule'

const pointwise = <K extends Elementwise>(expression: Expression<K>): Rule<K> => ({
  kind: 'pointwise',
  expression,
})

/** A function of one operand, as an expression of it. */
const of = (write: (x: string) => string): Rule<Elementwise> => pointwise((_w, [x]) => write(x!))

/** A function of one float that is a helper. */
const helper = (name: HelperName): Rule<Elementwise> => pointwise((w, [x]) => w.call(name, x!))

const binary = (write: (a: string, b: string) => string): Rule<Elementwise> =>
  pointwise((_w, [a, b]) => write(a!, b!))

const comparison = (operator: string): Rule<Elementwise> => binary((a, b) => flag(`${a} ${operator} ${b}`))

/** An expression of bools as 0 or 1: other numbers count as true. */
const truth = (x: string): string => `(${x} != 0u)`

const isFloat = ({ outputs }: { readonly outputs: readonly { readonly dtype: string }[] }): boolean =>
  outputs[0]!.dtype === 'float32'

const SELU_SCALE = '1.0507009873554805'
const SELU_TAIL = '1.7580993408473768'

/** Kernels that work element by element. */
export const elementwise: Rules<Elementwise> = {
  Abs: of((x) => `abs(${x})`),
  Acos: helper('acos_of'),
  Acosh: helper('acosh_of'),
  Add: binary((a, b) => `(${a} + ${b})`),
  AddN: pointwise((_w, operands) => `(${operands.join(' + ')})`),
  Asin: helper('asin_of'),
  Asinh: helper('asinh_of'),
  Atan: helper('atan_of'),
  Atan2: pointwise((w, [y, x]) => w.call('atan_2', y!, x!)),
  Atanh: helper('atanh_of'),
  Cast: pointwise((_w, [x], { inputs, outputs }) => {
    const [from, to] = [wgslType(inputs.x.dtype), wgslType(outputs[0]!.dtype)]
    if (from === to) return x!
    return to === 'u32' ? flag(`${x} != ${from}(0)`) : `${to}(${x})`
  }),
  Ceil: of((x) => `ceil(${x})`),
  ClipByValue: pointwise((w, [x], node) => {
    const type = wgslType(node.inputs.x.dtype)
    const low = w.scalar(type, node.attributes.clipValueMin)
    const high = w.scalar(type, node.attributes.clipValueMax)
    return type === 'f32'
      ? w.call('minimum', w.call('maximum', x!, low), high)
      : `min(max(${x}, ${low}), ${high})`
  }),
  Cos: helper('cos_of'),
  Cosh: helper('cosh_of'),
  Elu: pointwise((w, [x]) => `select(${x}, ${w.call('exp_m1', x!)}, ${x} < 0.0)`),
  EluGrad: pointwise((_w, [dy, y]) => `select(${dy} * (${y} + 1.0), ${dy}, ${y} >= 0.0)`),
  Equal: comparison('=='),
  Erf: helper('erf_of'),
  Exp: helper('exp_of'),
  Expm1: helper('exp_m1'),
  Floor: of((x) => `floor(${x})`),
  FloorDiv: pointwise((w, [a, b], node) =>
    isFloat(node) ? `floor(${a} / ${b})` : w.call('floor_div', a!, b!),
  ),
  Greater: comparison('>'),
  GreaterEqual: comparison('>='),
  Identity: of((x) => x),
  IsFinite: pointwise((w, [x], { inputs }) =>
    inputs.x.dtype === 'float32' ? flag(w.call('is_finite', x!)) : '1u',
  ),
  IsInf: pointwise((w, [x], { inputs }) =>
    inputs.x.dtype === 'float32' ? flag(w.call('is_inf', x!)) : '0u',
  ),
  IsNan: pointwise((w, [x], { inputs }) =>
    inputs.x.dtype === 'float32' ? flag(w.call('is_nan', x!)) : '0u',
  ),
  LeakyRelu: pointwise(
    (w, [x], { attributes }) => `select(${x}, ${w.float(attributes.alpha)} * ${x}, ${x} < 0.0)`,
  ),
  Less: comparison('<'),
  LessEqual: comparison('<='),
  Log: helper('ln'),
  Log1p: helper('ln_1p'),
  LogicalAnd: binary((a, b) => flag(`${truth(a)} && ${truth(b)}`)),
  LogicalNot: of((x) => flag(`${x} == 0u`)),
  LogicalOr: binary((a, b) => flag(`${truth(a)} || ${truth(b)}`)),
  LogicalXor: binary((a, b) => flag(`${truth(a)} != ${truth(b)}`)),
  Maximum: pointwise((w, [a, b], node) => (isFloat(node) ? w.call('maximum', a!, b!) : `max(${a}, ${b})`)),
  Minimum: pointwise((w, [a, b], node) => (isFloat(node) ? w.call('minimum', a!, b!) : `min(${a}, ${b})`)),
  Mod: pointwise((w, [a, b], node) => w.call(isFloat(node) ? 'float_mod' : 'floor_mod', a!, b!)),
  Multiply: binary((a, b) => `(${a} * ${b})`),
  Neg: of((x) => `(-${x})`),
  NotEqual: pointwise((w, [a, b], { inputs }) => {
    const unordered =
      inputs.a.dtype === 'float32' ? ` || ${w.call('is_nan', a!)} || ${w.call('is_nan', b!)}` : ''
    return flag(`${a} != ${b}${unordered}`)
  }),
  OnesLike: pointwise((_w, _operands, { outputs }) => `${wgslType(outputs[0]!.dtype)}(1)`),
  Pow: pointwise((w, [a, b], node) => w.call(isFloat(node) ? 'power' : 'int_power', a!, b!)),
  Prelu: binary((x, alpha) => `select(${x}, ${alpha} * ${x}, ${x} < 0.0)`),
  RealDiv: binary((a, b) => `(${a} / ${b})`),
  Reciprocal: of((x) => `(1.0 / ${x})`),
  Relu: pointwise((w, [x], node) => (isFloat(node) ? w.call('maximum', x!, '0.0') : `max(${x}, 0)`)),
  Relu6: pointwise((w, [x]) => w.call('minimum', w.call('maximum', x!, '0.0'), '6.0')),
  Round: helper('round_even'),
  Rsqrt: of((x) => `(1.0 / sqrt(${x}))`),
  Select: pointwise((_w, [condition, t, e]) => `select(${e}, ${t}, ${condition} != 0u)`),
  Selu: pointwise(
    (w, [x]) => `select(${SELU_SCALE} * ${x}, ${SELU_TAIL} * ${w.call('exp_m1', x!)}, ${x} < 0.0)`,
  ),
  Sigmoid: helper('sigmoid'),
  Sign: pointwise((w, [x], node) => (isFloat(node) ? w.call('sign_of', x!) : `sign(${x})`)),
  Sin: helper('sin_of'),
  Sinh: helper('sinh_of'),
  Softplus: helper('softplus'),
  Sqrt: of((x) => `sqrt(${x})`),
  Square: of((x) => `(${x} * ${x})`),
  SquaredDifference: pointwise((w, [a, b], { outputs }) => {
    const d = w.let(wgslType(outputs[0]!.dtype), `(${a} - ${b})`)
    return `(${d} * ${d})`
  }),
  Step: pointwise((w, [x], { attributes }) => {
    const below = attributes.alpha ? w.float(attributes.alpha) : '0.0'
    return `select(select(${below}, 1.0, ${x} > 0.0), ${x}, ${w.call('is_nan', x!)})`
  }),
  Sub: binary((a, b) => `(${a} - ${b})`),
  Tan: helper('tan_of'),
  Tanh: helper('tanh_of'),
  ZerosLike: pointwise((_w, _operands, { outputs }) => `${wgslType(outputs[0]!.dtype)}(0)`),
}
