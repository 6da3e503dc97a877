import { expect, it } from 'vitest'
import { type Answer, answering } from './work'

it('answers with how far it is and then with samples, those of a seed the same', async () => {
  const answers: Answer[] = []
  const ask = answering((answer) => answers.push(answer))
  await ask({ id: 1, seed: 3, count: 200 })
  await ask({ id: 2, seed: 3, count: 200 })
  const drawn = answers.filter((answer) => 'points' in answer)
  expect(drawn.map(({ id }) => id)).toEqual([1, 2])
  expect(drawn[0]!.points).toEqual(drawn[1]!.points)
  // The mixture ⅕ N((−5, −5), I) + ⅘ N((5, 5), I): four standard errors of the share.
  const heavy = drawn[0]!.points.filter((value, i) => i % 2 === 0 && value > 0).length / 200
  expect(Math.abs(heavy - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / 200))
  const told = answers.flatMap((answer) => ('progress' in answer && answer.id === 1 ? [answer.progress] : []))
  expect(told.at(-1)).toEqual({ index: told.length, steps: told.length })
})

it('stops what is no longer wanted, and says what is wrong', async () => {
  const answers: Answer[] = []
  const ask = answering((answer) => {
    answers.push(answer)
    if ('progress' in answer) ask({ id: answer.id, stop: true })
  })
  await ask({ id: 1, seed: 0, count: 10 })
  expect(answers).toHaveLength(1)
  await ask({ id: 2, seed: 0, count: 0 })
  expect(answers.at(-1)).toMatchObject({ id: 2, error: expect.stringContaining('expected') })
})
