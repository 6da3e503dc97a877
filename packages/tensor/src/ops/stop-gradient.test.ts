import { describe, expect, it } from 'vitest'
import { grad } from '../autodiff'
import { mul, square } from './arithmetic'
import { tensor } from './create'
import { sumRows } from './reduce'
import { stopGradient } from './stop-gradient'

describe('stopGradient', () => {
  it('is the identity whose derivative is zero, to second order', async () => {
    const x = tensor([[2], [3]])
    expect([...(await stopGradient(x).data())]).toEqual([2, 3])
    const first = grad((y) => sumRows(mul(stopGradient(square(y)), y)))
    expect([...(await first(x).data())]).toEqual([4, 9])
    const second = grad((y) => sumRows(mul(first(y), y)))
    // first(y) is stopGradient(y²): ∂(y² y)/∂y with y² held.
    expect([...(await second(x).data())]).toEqual([4, 9])
  })
})
