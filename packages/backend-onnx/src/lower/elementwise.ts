import { type Elementwise, type Node, operands } from '@sgm/tensor/compile'
import { elementType } from '../proto'
import type { Context, Rule, Rules } from './context'

/** The operators of a kernel, from the names of its operands to that of its result. */
type Expression<K extends Elementwise> = (
  context: Context,
  inputs: readonly string[],
  node: Node<K>,
) => string

/** A rule for a kernel that works element by element, whatever the order of the axes. */
const pointwise =
  <K extends Elementwise = Elementwise>(expression: Expression<K>): Rule<K> =>
  (context, node) => {
    const output = node.outputs[0]!
    const { names, order, free } = context.aligned(operands(node), output.shape.length)
    context.place(output, expression(context, names, node), order, free)
  }

const direct = (opType: string): Rule<Elementwise> =>
  pointwise(({ builder }, inputs) => builder.op(opType, inputs))

/** The same value everywhere. */
const filled = (value: number): Rule<Elementwise> =>
  pointwise(({ builder }, _, { outputs }) => {
    const { shape, dtype } = outputs[0]!
    return builder.op('Expand', [builder.scalar(dtype, value), builder.ints(shape)])
  })

const isInteger = ({ outputs }: Pick<Node, 'outputs'>): boolean => outputs[0]!.dtype === 'int32'

/** 2 artanh(z)/z as a polynomial in z² on [0, 1/9]: its largest relative error, 1.7·10⁻⁷, is the least that three powers allow. */
const TWICE_ARTANH = [1.99999967, 0.66676003, 0.39589461, 0.34226051] as const

/** Kernels that work element by element. */
export const elementwise: Rules<Elementwise> = {
  Abs: direct('Abs'),
  Acos: direct('Acos'),
  Acosh: direct('Acosh'),
  Add: direct('Add'),
  Asin: direct('Asin'),
  Asinh: direct('Asinh'),
  Atan: direct('Atan'),
  Atanh: direct('Atanh'),
  Ceil: direct('Ceil'),
  Cos: direct('Cos'),
  Cosh: direct('Cosh'),
  Equal: direct('Equal'),
  Erf: direct('Erf'),
  Exp: direct('Exp'),
  Floor: direct('Floor'),
  Identity: direct('Identity'),
  Less: direct('Less'),
  Log: direct('Log'),
  Neg: direct('Neg'),
  Pow: direct('Pow'),
  Reciprocal: direct('Reciprocal'),
  Relu: direct('Relu'),
  Round: direct('Round'),
  Selu: direct('Selu'),
  Sigmoid: direct('Sigmoid'),
  Sign: direct('Sign'),
  Sin: direct('Sin'),
  Sinh: direct('Sinh'),
  Sqrt: direct('Sqrt'),
  Sub: direct('Sub'),
  Tan: direct('Tan'),
  Tanh: direct('Tanh'),
  Greater: direct('Greater'),
  GreaterEqual: direct('GreaterOrEqual'),
  LessEqual: direct('LessOrEqual'),
  Multiply: direct('Mul'),
  RealDiv: direct('Div'),
  Maximum: direct('Max'),
  Minimum: direct('Min'),
  LogicalAnd: direct('And'),
  LogicalOr: direct('Or'),
  LogicalXor: direct('Xor'),
  LogicalNot: direct('Not'),
  IsNan: direct('IsNaN'),
  IsInf: direct('IsInf'),
  Prelu: direct('PRelu'),
  Elu: direct('Elu'),
  OnesLike: filled(1),
  ZerosLike: filled(0),
  NotEqual: pointwise(({ builder }, inputs) => builder.op('Not', [builder.op('Equal', inputs)])),
  IsFinite: pointwise(({ builder }, inputs) =>
    builder.op('Not', [builder.op('Or', [builder.op('IsNaN', inputs), builder.op('IsInf', inputs)])]),
  ),
  Square: pointwise(({ builder }, [x]) => builder.op('Mul', [x!, x!])),
  SquaredDifference: pointwise(({ builder }, inputs) => {
    const difference = builder.op('Sub', inputs)
    return builder.op('Mul', [difference, difference])
  }),
  Rsqrt: pointwise(({ builder }, inputs) => builder.op('Reciprocal', [builder.op('Sqrt', inputs)])),
  FloorDiv: pointwise(({ builder }, [a, b], node) => {
    if (!isInteger(node)) return builder.op('Floor', [builder.op('Div', [a!, b!])])
    return builder.op('Div', [builder.op('Sub', [a!, builder.op('Mod', [a!, b!])]), b!])
  }),
  Mod: pointwise(({ builder }, [a, b], node) => {
    if (isInteger(node)) return builder.op('Mod', [a!, b!])
    const quotient = builder.op('Floor', [builder.op('Div', [a!, b!])])
    return builder.op('Sub', [a!, builder.op('Mul', [quotient, b!])])
  }),
  // e^x − 1 = tanh(x/2) (e^x + 1) and ln(1+x) = ln(u) x/(u−1) with u = 1+x keep their digits near 0.
  Expm1: pointwise(({ builder }, [x]) => {
    const half = builder.op('Tanh', [builder.op('Mul', [x!, builder.float(0.5)])])
    return builder.op('Mul', [half, builder.op('Add', [builder.op('Exp', [x!]), builder.float(1)])])
  }),
  Log1p: pointwise(({ builder }, [x]) => {
    const one = builder.float(1)
    const u = builder.op('Add', [x!, one])
    const ratio = builder.op('Div', [x!, builder.op('Sub', [u, one])])
    const exact = builder.op('Mul', [builder.op('Log', [u]), ratio])
    return builder.op('Where', [builder.op('Equal', [u, one]), x!, exact])
  }),
  // max(x, 0) + ln(1 + e^−|x|), the logarithm as 2 artanh(z) with z = 1/(1 + 2 e^|x|) = σ(−ln 2 − |x|) <= ⅓: ONNX Runtime's own
  // Softplus takes six times as long. HardSigmoid multiplies and adds in one operator; what it makes lies between its bounds.
  Softplus: pointwise(({ builder }, [x]) => {
    const op = builder.op.bind(builder)
    const z = op('Sigmoid', [op('Sub', [builder.float(-Math.LN2), op('Abs', [x!])])])
    const zz = op('Mul', [z, z])
    const [c0, c1, beta, alpha] = TWICE_ARTANH
    let series = op('HardSigmoid', [zz], { alpha: { float: alpha }, beta: { float: beta } })
    for (const coefficient of [c1, c0])
      series = op('Add', [op('Mul', [series, zz]), builder.float(coefficient)])
    return op('Add', [op('Relu', [x!]), op('Mul', [series, z])])
  }),
  Relu6: pointwise(({ builder }, [x]) => builder.op('Clip', [x!, builder.float(0), builder.float(6)])),
  ClipByValue: pointwise<'ClipByValue'>(({ builder }, [x], { attributes }) =>
    builder.op('Clip', [x!, builder.float(attributes.clipValueMin), builder.float(attributes.clipValueMax)]),
  ),
  LeakyRelu: pointwise<'LeakyRelu'>(({ builder }, inputs, { attributes }) =>
    builder.op('LeakyRelu', inputs, { alpha: { float: attributes.alpha } }),
  ),
  EluGrad: pointwise(({ builder }, [dy, y]) => {
    const negative = builder.op('Mul', [dy!, builder.op('Add', [y!, builder.float(1)])])
    return builder.op('Where', [builder.op('GreaterOrEqual', [y!, builder.float(0)]), dy!, negative])
  }),
  Step: pointwise<'Step'>(({ builder }, [x], { attributes }) => {
    const positive = builder.op('Greater', [x!, builder.float(0)])
    const step = builder.op('Where', [positive, builder.float(1), builder.float(attributes.alpha ?? 0)])
    return builder.op('Where', [builder.op('IsNaN', [x!]), x!, step])
  }),
  Atan2: pointwise(({ builder }, [y, x]) => {
    const zero = builder.float(0)
    const [onRight, onLeft, below] = [
      builder.op('Greater', [x!, zero]),
      builder.op('Less', [x!, zero]),
      builder.op('Less', [y!, zero]),
    ]
    const turn = builder.op('Where', [below, builder.float(-Math.PI), builder.float(Math.PI)])
    const angle = builder.op('Atan', [builder.op('Div', [y!, x!])])
    const quarter = builder.op('Mul', [builder.op('Sign', [y!]), builder.float(Math.PI / 2)])
    const left = builder.op('Where', [onLeft, builder.op('Add', [angle, turn]), quarter])
    return builder.op('Where', [onRight, angle, left])
  }),
  Select: pointwise(({ builder }, inputs) => builder.op('Where', inputs)),
  AddN: pointwise(({ builder }, inputs) => builder.op('Sum', inputs)),
  Cast: pointwise(({ builder }, inputs, { outputs }) =>
    builder.op('Cast', inputs, { to: elementType[outputs[0]!.dtype] }),
  ),
}
