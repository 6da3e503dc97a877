import { range, spec } from '../spec'

export const mixture = spec({
  title: {
    en: 'A density, its score, and the constant that the score does not need',
    ko: '밀도와 스코어, 그리고 스코어에 필요 없는 정규화 상수',
  },
  about: {
    en: 'Drag the two modes. Multiply the density by any factor: its integral Z grows, the arrows stay as they are.',
    ko: '두 봉우리를 끌어 보세요. 밀도에 어떤 수를 곱하면 적분 Z는 커지지만 화살표는 그대로입니다.',
  },
  shows: {
    en: 'Contours of a density with two modes, and arrows of its score, which point to where the density grows',
    ko: '봉우리가 둘인 밀도의 등고선과, 밀도가 커지는 쪽을 가리키는 스코어 화살표',
  },
  wide: false,
  options: {
    modes: {
      kind: 'points',
      label: { en: 'Mode', ko: '봉우리' },
      within: [-8, 8],
      start: [
        [-4, -3],
        [4, 3],
      ],
    },
    weight: range({ en: 'Weight of mode 2', ko: '봉우리 2의 가중치' }, [0.05, 0.95], 0.05, 0.8),
    sigma: range({ en: 'Width σ', ko: '너비 σ' }, [0.6, 3], 0.1, 1.5),
    factor: range({ en: 'Factor of the density', ko: '밀도에 곱하는 수' }, [0.5, 10], 0.5, 1),
  },
})
