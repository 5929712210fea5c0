/** Runs `count` pieces of work, numbered from 0, at most `most` at once. */
export async function inParallel(count: number, most: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(most, count) }, worker));
}
