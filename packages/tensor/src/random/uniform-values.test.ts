import { expect, it } from 'vitest'
import { uniform } from './draw'
import { key } from './key'
import { uniformValues } from './uniform-values'

it('uniformValues are the values of uniform', async () => {
  expect([...uniformValues(key(3), 7)]).toEqual([...(await uniform(key(3), [7]).data())])
})
