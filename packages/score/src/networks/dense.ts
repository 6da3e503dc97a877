import { add, type Key, matMul, mul, type NamedTensors, normal, type Tensor, tidy, zeros } from '@sgm/tensor'

/**
 * Parameters of x ↦ xW + b under `<name>.weight` `[inputs, outputs]` and `<name>.bias` `[outputs]`:
 * W ~ N(0, scale²/inputs) (LeCun et al. 1998, "Efficient BackProp", section 4.6), b = 0.
 */
export function initDense(
  name: string,
  key: Key,
  inputs: number,
  outputs: number,
  scale = 1,
): Record<string, Tensor> {
  return {
    [`${name}.weight`]: tidy(() => mul(normal(key, [inputs, outputs]), scale / Math.sqrt(inputs))),
    [`${name}.bias`]: zeros([outputs]),
  }
}

/** x `[B, inputs]` → `[B, outputs]`. */
export function applyDense(parameters: NamedTensors, name: string, x: Tensor): Tensor {
  return add(matMul(x, parameters[`${name}.weight`]!), parameters[`${name}.bias`]!)
}
