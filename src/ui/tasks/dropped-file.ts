// A file that was dropped on a task's tile, until the task's page takes it into its form.
let waiting: File | undefined;

export function leaveFile(file: File): void {
  waiting = file;
}

export function takeFile(): File | undefined {
  const file = waiting;
  waiting = undefined;
  return file;
}
