import { checkShape, type Tensor } from '@sgm/tensor'

/** Checks an observation `[B, ...M]` or `[1, ...M]` against the operator's output. */
export function checkObservation(where: string, observation: Tensor, output: Tensor): void {
  const [batch = 1, ...measured] = output.shape
  const rows = observation.shape[0] === 1 ? 1 : batch
  checkShape(where, 'an observation', observation.shape, [rows, ...measured])
}
