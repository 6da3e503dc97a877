import { range, spec } from '../spec'

export const probabilityFlow = spec({
  title: { en: 'Codes and likelihoods by the probability flow', ko: '확률 흐름으로 얻는 부호와 우도' },
  about: {
    en: 'The ODE carries each point to a code in the noise and back. Move the two points: their likelihoods follow, and the codes between theirs are decoded to a way from one to the other.',
    ko: 'ODE는 각 점을 잡음 속의 부호(code)로 옮기고 다시 되돌립니다. 두 점을 옮기면 우도가 따라 바뀌고, 두 부호 사이의 부호들은 한 점에서 다른 점으로 가는 길로 복호화됩니다.',
  },
  shows: {
    en: 'Two points over a density with the decoded way between them, and their codes with the arc between those',
    ko: '밀도 위의 두 점과 그 사이의 복호화된 길, 그리고 두 부호와 그 사이의 호',
  },
  options: {
    points: {
      kind: 'points',
      label: { en: 'Point', ko: '점' },
      within: [-2.5, 2.5],
      start: [
        [-1.2, -0.9],
        [1.1, 0.8],
      ],
    },
    probes: range({ en: 'Hutchinson probes', ko: '허친슨 방향 수' }, [1, 64], 1, 16),
  },
})
