import { choice, type Point, range, spec } from '../spec'

/** A spiral, until the reader draws something. */
const spiral = Array.from({ length: 120 }, (_, i): Point => {
  const turn = (3.6 * Math.PI * (i + 12)) / 132
  return [0.16 * turn * Math.cos(turn), 0.16 * turn * Math.sin(turn)]
})

export const drawing = spec({
  title: { en: 'Train on your own drawing', ko: '직접 그린 그림으로 학습하기' },
  about: {
    en: 'Draw in the first picture. A network is trained on your points by denoising, and what it learned draws new points in the second.',
    ko: '첫째 칸에 그려 보세요. 신경망이 그 점들에서 잡음을 없애는 법을 배우고, 배운 것에서 새 점들을 뽑아 둘째 칸에 그립니다.',
  },
  shows: {
    en: 'The drawn points, and points that a network trained on them draws',
    ko: '그린 점들과, 그 점들로 학습한 신경망이 뽑은 점들',
  },
  options: {
    points: {
      kind: 'points',
      label: { en: 'Points drawn', ko: '그린 점' },
      within: [-2, 2],
      most: 400,
      start: spiral,
    },
    steps: range({ en: 'Training steps', ko: '학습 단계 수' }, [20, 3000], 20, 1000),
    sampler: choice(
      { en: 'Sampler', ko: '샘플러' },
      {
        'euler-maruyama': { en: 'Euler–Maruyama, 100 steps', ko: '오일러–마루야마, 100단계' },
        'dpm-solver-plus-plus': { en: 'DPM-Solver++, 20 steps', ko: 'DPM-Solver++, 20단계' },
      },
      'dpm-solver-plus-plus',
    ),
  },
})
