import { choice, range, spec } from '../spec'

/** The processes by the names of their pages. */
export const processChoices = {
  ve: { en: 'VE', ko: 'VE' },
  vp: { en: 'VP', ko: 'VP' },
  'sub-vp': { en: 'sub-VP', ko: 'sub-VP' },
  'sigma-t': { en: 'σᵗ', ko: 'σᵗ' },
  cosine: { en: 'cosine', ko: '코사인' },
  edm: { en: 'EDM', ko: 'EDM' },
  'rectified-flow': { en: 'rectified flow', ko: '정류 흐름(rectified flow)' },
} as const

export const sdePaths = spec({
  title: { en: 'Paths from data to noise and back', ko: '데이터에서 잡음으로, 다시 데이터로 가는 경로' },
  about: {
    en: 'Colours are the density pₜ of data under more and more noise. The reverse SDE and the probability-flow ODE start in the same noise and take other ways, yet at every time t their points are spread alike: move t.',
    ko: '색은 잡음이 점점 섞이는 데이터의 밀도 pₜ입니다. 역방향 SDE와 확률 흐름 ODE는 같은 잡음에서 출발해 다른 길을 가지만, 어느 시각 t에서나 점들의 분포는 같습니다. t를 움직여 보세요.',
  },
  shows: {
    en: 'A density over time as colours with paths of an SDE and an ODE over it, and the histograms of both at one time under the true density',
    ko: '시간에 따른 밀도 위의 SDE와 ODE 경로, 그리고 한 시각에서 두 표본의 히스토그램과 참밀도',
  },
  options: {
    process: choice({ en: 'Process', ko: '확산 과정' }, processChoices, 'vp'),
    direction: choice(
      { en: 'Direction', ko: '방향' },
      {
        reverse: { en: 'noise to data', ko: '잡음에서 데이터로' },
        forward: { en: 'data to noise', ko: '데이터에서 잡음으로' },
      },
      'reverse',
    ),
    time: range({ en: 'Time, as a share of T', ko: '시각 (T의 비율)' }, [0.02, 1], 0.02, 0.3),
  },
})
