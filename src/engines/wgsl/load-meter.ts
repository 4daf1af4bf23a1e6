// One figure for a load made of downloading, copying to the GPU and compiling, which overlap. It never goes back.
import type { LoadPhase, LoadProgress } from '../../protocol/chat';
import type { FetchProgress } from '../../store/store';

/** Shares of the figure: before the manifest is read, and for compiling at the end. The rest is bytes. */
const openingShare = 0.02;
const compileShare = 0.03;
/** Of the bytes' part, how much is downloading, where everything must be downloaded. */
const networkShare = 0.8;

export class LoadMeter {
  private phase: LoadPhase = 'config';
  private fraction = 0;
  private totalBytes = 0;
  private uploadedBytes = 0;
  private fetch: FetchProgress | undefined;
  /** Shard bytes that were stored before this load. */
  private storedAtStart: number | undefined;

  constructor(private readonly onProgress: (progress: LoadProgress) => void) {}

  /** The store's own report. */
  fetching(progress: FetchProgress): void {
    this.fetch = progress;
    if (progress.totalBytes > 0) this.storedAtStart ??= progress.doneBytes;
    const isShards = progress.phase === 'shards' || progress.phase === 'verify';
    if (isShards && this.totalBytes > 0) {
      this.phase = progress.fetchedBytes > 0 || progress.phase === 'verify' ? progress.phase : 'upload';
    }
    this.report();
  }

  enter(phase: LoadPhase): void {
    this.phase = phase;
    if (phase === 'ready') this.fraction = 1;
    this.report();
  }

  /** From here on bytes count. */
  manifestRead(totalBytes: number): void {
    this.totalBytes = totalBytes;
    this.report();
  }

  uploaded(bytes: number): void {
    this.uploadedBytes += bytes;
    this.report();
  }

  private report(): void {
    const total = this.totalBytes;
    const stored = this.storedAtStart ?? 0;
    const arrived = Math.max(0, (this.fetch?.doneBytes ?? 0) - stored);
    const missing = Math.max(0, total - stored);
    const network = total > 0 ? networkShare * (missing / total) : 0;
    const bytesPart =
      total > 0
        ? network * (missing > 0 ? Math.min(1, arrived / missing) : 1) +
          (1 - network) * (this.uploadedBytes / total)
        : 0;
    const opened = total > 0 ? openingShare : 0;
    const next = opened + (1 - openingShare - compileShare) * bytesPart;
    this.fraction = Math.max(this.fraction, Math.min(1, next));
    const { bytesPerSecond, secondsLeft } = this.fetch ?? {};
    this.onProgress({
      phase: this.phase,
      // While downloading, what has arrived; else what has been copied.
      loadedBytes: Math.min(total, Math.max(this.uploadedBytes, arrived > 0 ? stored + arrived : 0)),
      totalBytes: total,
      fraction: this.fraction,
      fetchedBytes: this.fetch?.fetchedBytes ?? 0,
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    });
  }
}
