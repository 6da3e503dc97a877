import type { Machine } from './recording'

/** What a recording says. */
export const words = {
  en: {
    title: 'The command at work',
    about: (lasted: string, speed: number, { arch, processors }: Machine) =>
      `A recorded run of ${lasted} (${arch}, ${processors} processors), played ${speed} times as fast.`,
    shows: 'A terminal in which a model is trained, samples are drawn and the loss is shown',
    said: 'What it shows at the end',
    drawn: 'The samples that it wrote: a thousand points in the shape of two moons',
    play: 'Play',
    pause: 'Pause',
    time: 'Time',
    of: (at: string, lasted: string) => `${at} of ${lasted}`,
  },
  ko: {
    title: '명령이 하는 일',
    about: (lasted: string, speed: number, { arch, processors }: Machine) =>
      `프로세서 ${processors}개인 ${arch} 기계에서 ${lasted} 동안 실행한 기록을 ${speed}배 빠르게 재생합니다.`,
    shows: '모델을 학습하고, 표본을 뽑고, 손실을 그리는 터미널',
    said: '마지막 화면의 내용',
    drawn: '이 실행이 저장한 표본: 두 초승달 모양을 이루는 점 천 개',
    play: '재생',
    pause: '멈춤',
    time: '시각',
    of: (at: string, lasted: string) => `${lasted} 중 ${at}`,
  },
} as const
