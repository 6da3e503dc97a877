import { choice, range, spec } from '../spec'
import { processChoices } from './sde-paths'

export const process = spec({
  title: { en: 'The process at work', ko: '확산 과정 보기' },
  about: {
    en: 'Data of two modes are noised. Colours are the exact density pₜ; the histogram is of simulated points at time t.',
    ko: '봉우리가 둘인 데이터에 잡음을 섞습니다. 색은 정확한 밀도 pₜ, 히스토그램은 시각 t에서 모의한 점들입니다.',
  },
  shows: {
    en: 'A density over time with paths over it, and a histogram under the true density',
    ko: '시간에 따른 밀도와 경로, 그리고 참밀도 아래의 히스토그램',
  },
  options: {
    of: choice({ en: 'Process', ko: '확산 과정' }, processChoices, 'vp'),
    time: range({ en: 'Time, as a share of T', ko: '시각 (T의 비율)' }, [0.02, 1], 0.02, 0.3),
  },
})
