import { range, spec } from '../spec'

export const compiled = spec({
  title: {
    en: 'A step of training, one by one and compiled',
    ko: '하나씩 계산한 학습 한 단계와 컴파일한 학습 한 단계',
  },
  about: {
    en: 'The same network is trained twice from the same key: kernel by kernel, and by ONNX Runtime as one call. The losses are the same; compare the milliseconds. Both run on the processor, where ONNX Runtime computes here; @sgm/backend-gpu compiles for GPUs.',
    ko: '같은 키에서 출발해 같은 신경망을 두 번 학습합니다. 한 번은 커널을 하나씩, 한 번은 ONNX Runtime이 한 번의 호출로 계산합니다. 손실은 같습니다. 걸린 시간을 견주어 보세요. 여기서는 ONNX Runtime이 계산하는 프로세서에서 둘 다 실행합니다. GPU용 컴파일은 @sgm/backend-gpu가 맡습니다.',
  },
  shows: {
    en: 'The losses of two runs, one on the other, and the milliseconds that a step of each takes',
    ko: '서로 겹치는 두 실행의 손실과, 각각 한 단계에 걸린 시간(밀리초)',
  },
  engine: 'wasm',
  options: {
    width: range({ en: 'Width of the layers', ko: '층의 너비' }, [32, 256], 32, 64),
    batch: range({ en: 'Batch', ko: '배치' }, [64, 1024], 64, 128),
  },
})
