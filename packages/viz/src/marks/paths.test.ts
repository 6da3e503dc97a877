import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { figure } from '../figure'
import { plotSize, shapesIn, texts } from '../testing'
import { paths } from './paths'

const axes = { x: { domain: [0, 4] }, y: { domain: [0, 4] } } as const

describe('paths', () => {
  it('in the plane join the states of each row, and mark the last', async () => {
    const states = [
      [0, 0, 4, 4],
      [1, 0, 4, 2],
      [1, 2, 2, 2],
    ].map((state) => tensor(state, [2, 2]))
    const picture = await figure([paths(states)], axes)
    const { width, height } = plotSize(picture.layout())
    const drawn = shapesIn(picture, 'paths', 'path').map(({ lines }) =>
      Array.from(lines[0]!, (v, i) => (i % 2 === 0 ? 4 * (v / width) : 4 * (1 - v / height))),
    )
    expect(drawn).toEqual([
      [0, 0, 1, 0, 1, 2],
      [4, 4, 4, 2, 2, 2],
    ])
    expect(shapesIn(picture, 'paths', 'dots')).toHaveLength(2)
  })

  it('over time are the same from lists, one tensor and columns', async () => {
    const times = [0, 2, 4]
    const wanted = [
      [0, 1, 2, 2, 4, 3],
      [0, 4, 2, 4, 4, 0],
    ]
    const rows = [
      [1, 4],
      [2, 4],
      [3, 0],
    ]
    for (const states of [
      rows,
      tensor(rows),
      tensor(rows.flat(), [3, 2, 1]),
      rows.map((row) => tensor(row)),
    ]) {
      const picture = await figure([paths(states, { times })], axes)
      const { width, height } = plotSize(picture.layout())
      const drawn = shapesIn(picture, 'paths', 'path').map(({ lines }) =>
        Array.from(
          lines[0]!,
          (v, i) => Math.round(1e6 * (i % 2 === 0 ? 4 * (v / width) : 4 * (1 - v / height))) / 1e6,
        ),
      )
      expect(drawn).toEqual(wanted)
      expect(shapesIn(picture, 'paths', 'dots')).toEqual([])
    }
  })

  it('break where a state is not finite, and say so', async () => {
    const picture = await figure([paths([[0], [1], [Number.NaN], [2]], { times: [0, 1, 2, 3] })])
    expect(shapesIn(picture, 'paths', 'path')[0]!.lines).toHaveLength(2)
    expect(texts(picture)).toContain('1 of 4 states are not finite, and left out.')
    expect(texts(await figure([paths([])]))).toContain('no data')
  })

  it('refuse states and times that do not fit', async () => {
    await expect(paths([[1, 2, 3]])).rejects.toThrow('paths: expected states of shape [T, n, 2], got [1, 3]')
    await expect(paths([[[1, 2]]], { times: [0] })).rejects.toThrow(
      'paths: expected states of shape [T, n, 1], got [1, 1, 2]',
    )
    await expect(paths([[1], [2]], { times: [0] })).rejects.toThrow(
      'paths: expected 2 times, one for each state, got 1',
    )
  })
})
