import { range, spec } from '../spec'

export const particles = spec({
  title: { en: 'A hundred thousand particles on the GPU', ko: 'GPU 위의 십만 입자' },
  about: {
    en: 'Noise becomes two modes by the reverse SDE. Where there is WebGPU the particles stay in its memory, and are drawn from there; elsewhere WebAssembly moves fewer.',
    ko: '역방향 SDE가 잡음을 두 봉우리로 바꿉니다. WebGPU가 있으면 입자는 그 메모리에 머물며 거기서 바로 그려지고, 없으면 웹어셈블리가 더 적은 입자를 움직입니다.',
  },
  shows: { en: 'A cloud of particles that parts into two', ko: '둘로 갈라지는 입자 구름' },
  wide: false,
  options: {
    count: range({ en: 'Particles, in thousands', ko: '입자 수 (천)' }, [10, 400], 10, 100),
    steps: range({ en: 'Steps', ko: '단계 수' }, [50, 400], 50, 150),
  },
})
