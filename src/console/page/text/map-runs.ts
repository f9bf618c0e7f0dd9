import type { Words } from './words.js';

export const mapRunsEn = {
  title: 'Map run',
  parent: 'Its execution',
  progress: 'Progress',
  items: (done: number, total: number) =>
    `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} items`,
  rate: (items: number) => `${items} items a second`,
  left: (time: string) => `${time} left`,
  executions: (count: number) => (count === 1 ? '(1 execution)' : `(${count} executions)`),
  counts: {
    succeeded: 'Succeeded',
    failed: 'Failed',
    timedOut: 'Timed out',
    aborted: 'Aborted',
    running: 'Running',
    pending: 'Pending',
  },
  children: 'Executions of this map run, those that failed first',
  none: 'No execution was started yet.',
};

export const mapRunsJa: Words<typeof mapRunsEn> = {
  title: 'マップ実行',
  parent: '親の実行',
  progress: '進捗',
  items: (done, total) => `${total.toLocaleString('en-US')} 件中 ${done.toLocaleString('en-US')} 件`,
  rate: (items) => `毎秒 ${items} 件`,
  left: (time) => `残り ${time}`,
  executions: (count) => `（実行 ${count} 件）`,
  counts: {
    succeeded: '成功',
    failed: '失敗',
    timedOut: 'タイムアウト',
    aborted: '中止',
    running: '実行中',
    pending: '待機中',
  },
  children: 'このマップ実行の子実行（失敗したものが先）',
  none: '実行はまだ開始されていません。',
};
