import { choice, spec } from '../spec'

const named = (en: string, ko = en) => ({ en, ko })

/** Samplers of diffusions and chains by the names of their pages. */
export const samplerChoices = {
  'adaptive-sde': named('Adaptive SDE steps', '적응형 SDE'),
  ancestral: named('Ancestral', '조상 표집'),
  'annealed-langevin': named('Annealed Langevin', '담금질 랑주뱅'),
  'consistent-annealed': named('Consistent annealed sampling'),
  ddim: named('DDIM'),
  deis: named('DEIS'),
  'dpm-solver': named('DPM-Solver'),
  'dpm-solver-plus-plus': named('DPM-Solver++'),
  'dpm-solver-plus-plus-2s': named('DPM-Solver++ 2S'),
  'edm-heun': named('EDM Heun'),
  'euler-maruyama': named('Euler–Maruyama', '오일러–마루야마'),
  milstein: named('Milstein', '밀스타인'),
  'ode-euler': named('ODE, Euler', 'ODE, 오일러'),
  'ode-heun': named('ODE, Heun', 'ODE, 호인'),
  'ode-rk45': named('ODE, RK45'),
  'predictor-corrector': named('Predictor–corrector', '예측자–수정자'),
  'reverse-diffusion': named('Reverse diffusion', '역확산'),
  'stochastic-heun': named('Stochastic Heun', '확률적 호인'),
  'stochastic-runge-kutta': named('Stochastic Runge–Kutta', '확률적 룽게–쿠타'),
  'uni-pc': named('UniPC'),
} as const

export const chainChoices = {
  hmc: named('HMC'),
  langevin: named('Langevin', '랑주뱅'),
  mala: named('MALA'),
  'underdamped-langevin': named('Underdamped Langevin', '저감쇠 랑주뱅'),
} as const

export const sampler = spec({
  title: { en: 'The sampler at work', ko: '샘플러 보기' },
  about: {
    en: 'Samples that it draws by the exact score, over the density that they should have.',
    ko: '정확한 스코어로 뽑는 표본을 목표 밀도 위에 그립니다.',
  },
  shows: {
    en: 'Samples over the contours of the density that they should have',
    ko: '목표 밀도의 등고선 위에 놓인 표본',
  },
  wide: false,
  options: { of: choice({ en: 'Sampler', ko: '샘플러' }, { ...samplerChoices, ...chainChoices }, 'ddim') },
})
