/** Helpers are loaded once a worker (`isolate: false`), and so is this list of what they tidy up after each file. */
const tasks: (() => void)[] = [];

export const afterEachFile = (task: () => void): void => {
  tasks.push(task);
};

export const tidyUp = (): void => {
  for (const task of tasks) task();
};
