import { choice, formula, range, spec } from '../spec'

/** What every objective is, but for a constant, and what it is at the true score. */
export const [objective, minimum] = [formula('E[tr ∇s + ½‖s‖²]'), formula('−½E‖∇log p‖²')] as const

export const scoreMatching = spec({
  title: { en: 'Six objectives, one minimum', ko: '여섯 가지 목적 함수, 하나의 최솟값' },
  about: {
    en: `A small network learns the score in this page. Whichever objective trains it, ${objective} falls to the same minimum, ${minimum}; where there are no data the field stays wrong.`,
    ko: `작은 신경망이 이 페이지에서 스코어를 배웁니다. 어느 목적 함수로 학습해도 ${objective}는 같은 최솟값 ${minimum}로 내려갑니다. 데이터가 없는 곳의 벡터장은 틀린 채로 남습니다.`,
  },
  shows: {
    en: 'Arrows of the learned score over the density, a map of its error, and the loss over the steps',
    ko: '밀도 위에 그린 학습된 스코어의 화살표, 오차 지도, 단계에 따른 손실',
  },
  options: {
    objective: choice(
      { en: 'Objective', ko: '목적 함수' },
      {
        explicit: { en: 'explicit', ko: '명시적(explicit)' },
        implicit: { en: 'implicit', ko: '암묵적(implicit)' },
        sliced: { en: 'sliced', ko: '슬라이스(sliced)' },
        'sliced-variance-reduced': { en: 'sliced, variance-reduced', ko: '분산을 줄인 슬라이스' },
        'finite-difference-sliced': { en: 'sliced by finite differences', ko: '유한 차분 슬라이스' },
        denoising: { en: 'denoising', ko: '잡음 제거(denoising)' },
      },
      'sliced-variance-reduced',
    ),
    steps: range({ en: 'Training steps', ko: '학습 단계 수' }, [20, 1500], 20, 400),
    seed: range({ en: 'Seed', ko: '시드' }, [0, 9], 1, 0),
  },
})
