import { choice, spec } from '../spec'

export const lostWeights = spec({
  title: { en: 'Lost weights, and annealing that finds them', ko: '잃어버린 가중치와 그것을 되찾는 담금질' },
  about: {
    en: 'A fifth of the mass is at the lower mode. Move the start: plain Langevin chains stay at whichever mode is nearest; annealed ones forget where they began.',
    ko: '전체의 1/5이 아래쪽 봉우리에 있습니다. 출발점을 옮겨 보세요. 보통의 랑주뱅 연쇄는 가까운 봉우리에 머물고, 담금질한 연쇄는 출발점을 잊습니다.',
  },
  shows: {
    en: 'Chains over the contours of a density with two modes, and how many are nearest to each mode',
    ko: '봉우리가 둘인 밀도 위의 연쇄들과, 각 봉우리에 가까운 연쇄의 비율',
  },
  options: {
    dynamics: choice(
      { en: 'Dynamics', ko: '동역학' },
      {
        plain: { en: 'Langevin', ko: '랑주뱅' },
        annealed: { en: 'Annealed Langevin', ko: '담금질 랑주뱅' },
      },
      'plain',
    ),
    from: choice(
      { en: 'Chains start', ko: '연쇄의 출발' },
      {
        everywhere: { en: 'all over the square', ko: '사각형 전체' },
        here: { en: 'at the handle', ko: '손잡이가 있는 곳' },
      },
      'everywhere',
    ),
    start: {
      when: { option: 'from', is: 'here' },
      kind: 'points',
      label: { en: 'Start', ko: '출발점' },
      within: [-8, 8],
      start: [[-2, 1]],
    },
  },
})
