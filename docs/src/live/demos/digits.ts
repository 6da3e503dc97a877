import { choice, range, spec } from '../spec'

export const digits = spec({
  title: { en: 'Handwritten digits, drawn in this page', ko: '이 페이지에서 그리는 손글씨 숫자' },
  about: {
    en: 'A small network, trained in advance on MNIST, turns noise into digits here and now. Draw them at random or by class, erase a part with the pointer and let it be filled in, or go from one digit to another.',
    ko: 'MNIST로 미리 학습한 작은 신경망이 지금 여기서 잡음을 숫자로 바꿉니다. 무작위로 또는 종류를 골라 그리고, 포인터로 일부를 지워 채우게 하고, 한 숫자에서 다른 숫자로 건너가 보세요.',
  },
  shows: { en: 'Digits, which come out of noise', ko: '잡음에서 나타나는 숫자들' },
  wide: false,
  options: {
    task: choice(
      { en: 'Task', ko: '할 일' },
      {
        all: { en: 'digits of every class', ko: '모든 종류의 숫자' },
        class: { en: 'one class', ko: '한 종류' },
        fill: { en: 'fill in what is erased', ko: '지운 곳 채우기' },
        between: { en: 'from one digit to the next', ko: '한 숫자에서 다음 숫자로' },
      },
      'all',
    ),
    digit: range({ en: 'Digit', ko: '숫자' }, [0, 9], 1, 3),
    images: range({ en: 'Images', ko: '이미지 수' }, [2, 16], 2, 16),
    guidance: range(
      { en: 'Guidance towards the digit', ko: '숫자로 이끄는 가이던스의 세기' },
      [1, 4],
      0.5,
      2,
    ),
    steps: range({ en: 'Steps', ko: '단계 수' }, [1, 60], 1, 15),
    sampler: choice(
      { en: 'Sampler', ko: '샘플러' },
      {
        'dpm-solver-plus-plus': { en: 'DPM-Solver++', ko: 'DPM-Solver++' },
        'ode-heun': { en: 'ODE, Heun', ko: 'ODE, 호인' },
        'edm-heun': { en: 'EDM Heun', ko: 'EDM 호인' },
        ancestral: { en: 'ancestral', ko: '조상 표집' },
      },
      'dpm-solver-plus-plus',
    ),
    seed: range({ en: 'Seed', ko: '시드' }, [0, 20], 1, 0),
    erased: {
      kind: 'points',
      label: { en: 'Erased', ko: '지운 곳' },
      within: [0, 28],
      most: 300,
      // The right half of the picture, roughly.
      start: Array.from({ length: 24 }, (_, i) => [17 + 4 * (i % 3), 2.5 + 3.4 * Math.floor(i / 3)] as const),
      when: { option: 'task', is: 'fill' },
    },
  },
})
