import { choice, spec } from '../spec'

/** Runs that diffusers made too, by the names under which their results are kept. */
export const pipelineChoices = {
  text: { en: 'text to image, DDIM', ko: '글에서 이미지로, DDIM' },
  DPMSolverMultistepScheduler: { en: 'text to image, DPM-Solver++', ko: '글에서 이미지로, DPM-Solver++' },
  EulerDiscreteScheduler: { en: 'text to image, Euler', ko: '글에서 이미지로, 오일러' },
  UniPCMultistepScheduler: { en: 'text to image, UniPC', ko: '글에서 이미지로, UniPC' },
  image: { en: 'image to image, DDIM', ko: '이미지에서 이미지로, DDIM' },
  inpaint: { en: 'inpainting, DDIM', ko: '인페인팅, DDIM' },
} as const

export const pipeline = spec({
  title: { en: 'A pipeline beside diffusers', ko: 'diffusers와 나란히 놓은 파이프라인' },
  about: {
    en: 'All parts of Stable Diffusion, text encoder, network and decoder, with random weights of 0.2 MB: what they draw means nothing, but from the same noise it must be what diffusers has drawn. Its parts are ONNX files, which ONNX Runtime runs on the processor.',
    ko: '텍스트 인코더와 신경망, 디코더까지 Stable Diffusion의 모든 부분을 무작위 가중치(0.2MB)로 갖춘 파이프라인입니다. 그림에 뜻은 없지만, 같은 잡음에서 출발하면 diffusers가 그린 것과 같아야 합니다. 각 부분은 ONNX 파일이며 ONNX Runtime이 프로세서에서 실행합니다.',
  },
  shows: {
    en: 'The same picture, drawn here and by diffusers',
    ko: '여기서 그린 이미지와 diffusers가 그린 같은 이미지',
  },
  engine: 'wasm',
  options: { run: choice({ en: 'Run', ko: '실행' }, pipelineChoices, 'text') },
})
