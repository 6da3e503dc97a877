import { compile, mul, type Tensor, tensor, zeros } from '@sgm/tensor'
import { fromOnnx, onnx, toOnnx } from '../index'

/** Prints 42 twice: from a compiled function, and from one that was written and read. */
const fn = (x: Tensor): Tensor => mul(x, 2)
const x = tensor([21])
const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
const read = await fromOnnx(await toOnnx(fn, [zeros([1])]), { threads: 1 })
console.log(...(await (await compiled(x)).data()), ...(await (await read(x, zeros([1]))).data()))
