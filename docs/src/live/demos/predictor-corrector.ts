import { range, spec } from '../spec'

export const predictorCorrector = spec({
  title: { en: 'Predictor and corrector', ko: '예측자와 수정자' },
  about: {
    en: 'A few steps of reverse diffusion leave errors; Langevin steps at each level mend them. The signal-to-noise ratio is their size: too small does nothing, too large spoils.',
    ko: '역확산 몇 단계로는 오차가 남고, 수준마다 랑주뱅 단계가 그것을 고칩니다. 신호 대 잡음비 r은 그 단계의 크기입니다. 너무 작으면 효과가 없고 너무 크면 망칩니다.',
  },
  shows: {
    en: 'Samples over the contours of the density that they should have',
    ko: '목표 밀도의 등고선 위에 놓인 표본',
  },
  wide: false,
  options: {
    steps: range({ en: 'Predictor steps', ko: '예측자 단계 수' }, [4, 60], 2, 14),
    correctorSteps: range({ en: 'Corrector steps at each', ko: '단계마다 수정자 횟수' }, [0, 6], 1, 2),
    snr: range({ en: 'Signal-to-noise ratio r', ko: '신호 대 잡음비 r' }, [0.02, 0.8], 0.02, 0.16),
  },
})
