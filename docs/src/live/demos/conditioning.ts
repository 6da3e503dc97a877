import { choice, formula, range, spec } from '../spec'

const observed = formula('y = x₁ + n')

export const conditioning = spec({
  title: { en: 'Half a datum, and the other half', ko: '반쪽 데이터와 나머지 반쪽' },
  about: {
    en: `Only ${observed} is observed. Without new training the sampler is led to points that explain it; what it draws is beside the exact posterior. The strength weighs the guidance: at 1 it is what Bayes asks for.`,
    ko: `${observed}만 관측합니다. 새로 학습하지 않고도 그것을 설명하는 점들로 샘플러를 이끕니다. 뽑힌 점들 옆의 정확한 사후분포와 비교해 보세요. 세기는 가이던스의 가중치이며 1이 베이즈의 답입니다.`,
  },
  shows: {
    en: 'Samples given the observation over the prior density, and the same over the exact posterior',
    ko: '사전 밀도 위의 조건부 표본과, 정확한 사후 밀도 위의 같은 표본',
  },
  options: {
    method: choice(
      { en: 'Method', ko: '방법' },
      {
        pigdm: { en: 'ΠGDM', ko: 'ΠGDM' },
        dps: { en: 'DPS', ko: 'DPS' },
        replacement: { en: 'Replacement (x₁ known exactly)', ko: '바꿔 넣기 (x₁을 정확히 앎)' },
      },
      'pigdm',
    ),
    observation: range({ en: 'Observation y', ko: '관측값 y' }, [-2, 2], 0.1, 1),
    noise: range({ en: 'Its noise', ko: '관측 잡음' }, [0.1, 5], 0.1, 0.3),
    strength: range({ en: 'Guidance strength', ko: '가이던스의 세기' }, [0, 3], 0.25, 1),
  },
})
