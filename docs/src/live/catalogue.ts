/** Words in the languages of the site. */
export interface Words {
  readonly en: string
  readonly ko: string
}

/** What stands above each live demo. */
export const titles = {
  mixture: {
    en: 'A density, its score, and the constant that the score does not need',
    ko: '밀도와 스코어, 그리고 스코어에 필요 없는 정규화 상수',
  },
  'score-matching': { en: 'Six objectives, one minimum', ko: '여섯 가지 목적 함수, 하나의 최솟값' },
  langevin: { en: 'Langevin dynamics and its step size', ko: '랑주뱅 동역학과 걸음 크기' },
  'lost-weights': {
    en: 'Lost weights, and annealing that finds them',
    ko: '잃어버린 가중치와 그것을 되찾는 담금질',
  },
  'sde-paths': {
    en: 'Paths from data to noise and back',
    ko: '데이터에서 잡음으로, 다시 데이터로 가는 경로',
  },
  evaluations: { en: 'Samplers against their number of evaluations', ko: '샘플러와 스코어 계산 횟수' },
  'predictor-corrector': { en: 'Predictor and corrector', ko: '예측자와 수정자' },
  'probability-flow': {
    en: 'Codes and likelihoods by the probability flow',
    ko: '확률 흐름으로 얻는 부호와 가능도',
  },
  conditioning: { en: 'Half a datum, and the other half', ko: '반쪽 데이터와 나머지 반쪽' },
  digits: { en: 'Handwritten digits, drawn in this page', ko: '이 페이지에서 그리는 손글씨 숫자' },
  drawing: { en: 'Train on your own drawing', ko: '직접 그린 그림으로 학습하기' },
  particles: { en: 'A hundred thousand particles on the GPU', ko: 'GPU 위의 십만 입자' },
  sampler: { en: 'The sampler at work', ko: '샘플러 보기' },
  process: { en: 'The process at work', ko: '확산 과정 보기' },
  loss: { en: 'The loss at work', ko: '손실 함수 보기' },
} as const satisfies Record<string, Words>

export type DemoName = keyof typeof titles
