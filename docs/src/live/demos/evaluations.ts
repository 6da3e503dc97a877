import { choice, range, spec } from '../spec'

export const evaluations = spec({
  title: { en: 'Samplers against their number of evaluations', ko: '샘플러와 스코어 평가 횟수' },
  about: {
    en: 'Each sampler draws from the same density with 5 to 160 evaluations of the same score. Choose others: their curves are added. Below the dashed line no sample of this size can tell the error from chance.',
    ko: '각 샘플러가 같은 스코어를 5번에서 160번까지 평가하며 같은 밀도에서 표본을 뽑습니다. 다른 샘플러를 고르면 곡선이 더해집니다. 점선 아래의 오차는 이 크기의 표본으로는 우연과 구별할 수 없습니다.',
  },
  shows: {
    en: 'The error of the samples over the number of evaluations, both logarithmic, one curve a sampler',
    ko: '평가 횟수에 따른 표본의 오차 (두 축 모두 로그), 샘플러마다 곡선 하나',
  },
  options: {
    sampler: choice(
      { en: 'Sampler', ko: '샘플러' },
      {
        'euler-maruyama': { en: 'Euler–Maruyama', ko: '오일러–마루야마' },
        ancestral: { en: 'Ancestral', ko: '조상 표집(ancestral)' },
        'ode-euler': { en: 'ODE, Euler', ko: 'ODE, 오일러' },
        'ode-heun': { en: 'ODE, Heun', ko: 'ODE, 호인' },
        ddim: { en: 'DDIM', ko: 'DDIM' },
        'dpm-solver-plus-plus': { en: 'DPM-Solver++', ko: 'DPM-Solver++' },
        deis: { en: 'DEIS', ko: 'DEIS' },
        'uni-pc': { en: 'UniPC', ko: 'UniPC' },
      },
      'euler-maruyama',
    ),
    count: range({ en: 'Samples', ko: '표본 수' }, [1000, 8000], 1000, 4000),
  },
})
