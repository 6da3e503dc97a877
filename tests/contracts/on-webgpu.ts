import { whole } from '../../vitest.shared.ts'

/** What of the contracts does not take a GPU in software minutes, on eager tensors of WebGPU. */
export const onWebGpu = whole ? /(?:)/ : /any batch size|finite differences|alone and evaluates|^mlp compiled/

/** Samplers whose loops differ: of one draw a step, of errors read at each, of shares accepted, of steps within a step. */
const loops = 'euler-maruyama|ode-rk45|hmc|annealed-langevin'
/** A loss over times, and one of second derivatives by probes. */
const losses = 'sde-denoising|sliced'

/** In a page, one of each kind, as kernels are compiled there by what compiles them in Node; and attention, which there networks are trained with. */
export const onWebGpuOfPages = new RegExp(
  `^(${loops}) .*any batch size|^(${losses}) .*(finite differences|alone and evaluates)|^(mlp|dit with classes) compiled`,
)
