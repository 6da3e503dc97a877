import { choice, range, spec } from '../spec'
import { minimum, objective, scoreMatching } from './score-matching'

/** Losses over all noise levels, by the names of their pages. */
export const diffusionLosses = {
  'sde-denoising': { en: 'denoising, SDE', ko: '잡음 제거, SDE' },
  'likelihood-bound': { en: 'likelihood bound', ko: '우도 한계' },
  'multi-level-denoising': { en: 'denoising, many levels', ko: '잡음 제거, 여러 수준' },
  'edm-denoising': { en: 'denoising, EDM', ko: '잡음 제거, EDM' },
  'noisy-classification': { en: 'classification of noisy data', ko: '잡음 섞인 데이터의 분류' },
  'flow-matching': { en: 'flow matching', ko: '흐름 맞추기' },
} as const

export const loss = spec({
  title: { en: 'The loss at work', ko: '손실 함수 보기' },
  about: {
    en: `A small network is trained by this loss in the page. If it has learned the score, ${objective} is ${minimum}.`,
    ko: `작은 신경망을 이 페이지에서 이 손실로 학습합니다. 스코어를 배웠다면 ${objective}는 ${minimum}입니다.`,
  },
  shows: scoreMatching.shows,
  options: {
    of: choice(
      { en: 'Loss', ko: '손실 함수' },
      { ...scoreMatching.options.objective.choices, ...diffusionLosses },
      'denoising',
    ),
    steps: range({ en: 'Training steps', ko: '학습 단계 수' }, [20, 1500], 20, 500),
  },
})
