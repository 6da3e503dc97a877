import { choice, range, spec } from '../spec'

export const langevin = spec({
  title: { en: 'Langevin dynamics and its step size', ko: '랑주뱅 동역학과 단계 크기' },
  about: {
    en: 'Ten thousand particles follow the score of N(0, I), with noise. A finite step ε widens what they settle in to 1/(1 − ε/2); MALA accepts or rejects each step, and is exact.',
    ko: '입자 만 개가 잡음과 함께 N(0, I)의 스코어를 따라갑니다. 단계 ε이 유한하면 정상 분포의 분산이 1/(1 − ε/2)로 커지고, 단계마다 수락하거나 거절하는 MALA는 정확합니다.',
  },
  shows: {
    en: 'A cloud of particles that moves to the middle, and the histogram of one coordinate under two curves: the density asked for, and what the step size makes of it',
    ko: '가운데로 모이는 입자 구름과 한 좌표의 히스토그램. 곡선 둘은 목표 밀도와 단계 크기가 바꿔 놓은 밀도입니다',
  },
  options: {
    sampler: choice(
      { en: 'Dynamics', ko: '동역학' },
      { langevin: { en: 'Langevin', ko: '랑주뱅' }, mala: { en: 'MALA', ko: 'MALA' } },
      'langevin',
    ),
    epsilon: range({ en: 'Step size ε', ko: '단계 크기 ε' }, [0.05, 1.5], 0.05, 0.8),
  },
})
