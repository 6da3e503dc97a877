import type { Words } from './spec'

/** What every panel says. */
export const words = {
  start: { en: 'Start', ko: '시작' },
  again: { en: 'Run again', ko: '다시 실행' },
  stop: { en: 'Stop', ko: '멈춤' },
  reset: { en: 'Reset', ko: '처음으로' },
  clear: { en: 'Clear the drawing', ko: '그림 지우기' },
  truth: { en: 'true value', ko: '참값' },
  loading: { en: 'Loading', ko: '불러오는 중' },
  running: { en: 'Running', ko: '실행 중' },
  stopped: { en: 'Stopped', ko: '멈췄습니다' },
  done: { en: 'Done', ko: '끝났습니다' },
  failed: { en: 'This did not work', ko: '실행하지 못했습니다' },
  progress: { en: 'Progress', ko: '진행' },
  draw: {
    en: 'Draw by the pointer, or move the pen by arrow keys: Space sets a point, Shift draws on the way',
    ko: '포인터로 그리거나, 화살표 키로 펜을 옮기세요. 스페이스는 점을 찍고, 시프트를 누르면 지나는 길에 그립니다',
  },
} as const satisfies Record<string, Words>
