// One figure for a load made of downloading, copying to the GPU and compiling, which overlap. It never goes back.
import type { LoadPhase, LoadProgress } from '../../protocol/chat';
import type { FetchProgress } from '../../store/store';

/** Shares of the figure: before the manifest is read, and for compiling at the end. The rest is bytes. */
const openingShare = 0.02;
const compileShare = 0.03;
/** Of the bytes' part, how much is downloading, once anything has to be downloaded. */
const networkShare = 0.8;

export class LoadMeter {
  private phase: LoadPhase = 'config';
  private fraction = 0;
  private totalBytes = 0;
  private resumedBytes = 0;
  private uploadedBytes = 0;
  private fetch: FetchProgress | undefined;

  constructor(private readonly onProgress: (progress: LoadProgress) => void) {}

  /** The store's own report. */
  fetching(progress: FetchProgress): void {
    this.fetch = progress;
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

  /**
   * From here on bytes count.
   * @param resumedBytes what an earlier download of a model that is not complete has left: the figure starts there
   */
  manifestRead(totalBytes: number, resumedBytes = 0): void {
    this.totalBytes = totalBytes;
    this.resumedBytes = resumedBytes;
    this.report();
  }

  uploaded(bytes: number): void {
    this.uploadedBytes += bytes;
    this.report();
  }

  private report(): void {
    const { totalBytes, uploadedBytes, resumedBytes } = this;
    const { doneBytes = 0, fetchedBytes = 0, bytesPerSecond, secondsLeft } = this.fetch ?? {};
    // Stored shards count as done while they are read; only a download makes `done` worth waiting for.
    const downloads = fetchedBytes > 0 || resumedBytes > 0;
    const arrivedBytes = downloads ? Math.max(doneBytes, uploadedBytes, resumedBytes) : uploadedBytes;
    if (totalBytes > 0) {
      const bytesPart = (networkShare * arrivedBytes + (1 - networkShare) * uploadedBytes) / totalBytes;
      const next = openingShare + (1 - openingShare - compileShare) * Math.min(1, bytesPart);
      this.fraction = Math.max(this.fraction, next);
    }
    this.onProgress({
      phase: this.phase,
      loadedBytes: Math.min(totalBytes, arrivedBytes),
      totalBytes,
      fraction: this.fraction,
      fetchedBytes,
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    });
  }
}
