import { type Elementwise, type Node, operands } from '@sgm/tensor/compile'
import { elementType } from '../proto'
import type { Context, Rule, Rules } from './context'
import { atan2, divisor, elu, expm1, floorDiv, floorMod, log1p, sigmoid, softplus, step } from './formulas'

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

const SELU_SCALE = 1.0507009873554805
const SELU_SCALE_ALPHA = 1.7580993408473768

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
  Sigmoid: pointwise(({ builder, gates }, [x], { outputs }) =>
    gates.has(outputs[0]!.id) ? builder.op('Sigmoid', [x!]) : sigmoid(builder, x!),
  ),
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
    return floorDiv(builder, a!, b!)
  }),
  Mod: pointwise(({ builder }, [a, b], node) => {
    if (isInteger(node)) return builder.op('Mod', [a!, divisor(builder, b!)])
    return floorMod(builder, a!, b!)
  }),
  Expm1: pointwise(({ builder }, [x]) => expm1(builder, x!)),
  Log1p: pointwise(({ builder }, [x]) => log1p(builder, x!)),
  Softplus: pointwise(({ builder }, [x]) => softplus(builder, x!)),
  Elu: pointwise(({ builder }, [x]) => elu(builder, x!)),
  Selu: pointwise(({ builder }, [x]) => elu(builder, x!, SELU_SCALE, SELU_SCALE_ALPHA)),
  Relu6: pointwise(({ builder }, [x]) => builder.op('Clip', [x!, builder.float(0), builder.float(6)])),
  ClipByValue: pointwise<'ClipByValue'>(({ builder }, [x], { attributes }) =>
    builder.op('Clip', [x!, builder.float(attributes.clipValueMin), builder.float(attributes.clipValueMax)]),
  ),
  LeakyRelu: pointwise<'LeakyRelu'>(({ builder }, inputs, { attributes }) =>
    builder.op('LeakyRelu', inputs, { alpha: { float: attributes.alpha } }),
  ),
  EluGrad: pointwise(({ builder }, [dy, y]) => {
    const slope = builder.op('Add', [builder.op('Min', [y!, builder.float(0)]), builder.float(1)])
    return builder.op('Mul', [dy!, slope])
  }),
  Step: pointwise<'Step'>(({ builder }, [x], { attributes }) => step(builder, x!, attributes.alpha)),
  Atan2: pointwise(({ builder }, [y, x]) => atan2(builder, y!, x!)),
  Select: pointwise(({ builder }, inputs) => builder.op('Where', inputs)),
  AddN: pointwise(({ builder }, inputs) => builder.op('Sum', inputs)),
  Cast: pointwise(({ builder }, inputs, { outputs }) =>
    builder.op('Cast', inputs, { to: elementType[outputs[0]!.dtype] }),
  ),
}
