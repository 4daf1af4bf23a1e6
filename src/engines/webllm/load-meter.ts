// One figure for a load over all its phases. WebLLM reports shards twice, phases only in English prose, and
// nothing byte by byte; what is known for certain is which files it has read and what the store has done.
import type { TensorManifest } from '../../formats/mlc/manifest';
import type { LoadPhase, LoadProgress } from '../../protocol/chat';
import type { FetchProgress } from '../../store/store';

/** Where each part ends on the way from 0 to 1. */
const ends = { fetch: 0.6, upload: 0.9, compile: 1 } as const;

export class LoadMeter {
  readonly #emit: (progress: LoadProgress) => void;
  #fraction = 0;
  #fetchedBytes = 0;
  #totalBytes = 0;
  #readBytes = 0;
  #sizes = new Map<string, number>();
  /** Reports WebLLM has made since it read the last shard; the first is still about that shard. */
  #lateReports = 0;

  constructor(emit: (progress: LoadProgress) => void) {
    this.#emit = emit;
  }

  fetching({ phase, doneBytes, totalBytes, fetchedBytes, ...pace }: FetchProgress): void {
    this.#fetchedBytes = fetchedBytes;
    this.#totalBytes = totalBytes;
    this.#report(phase, doneBytes, totalBytes > 0 ? (ends.fetch * doneBytes) / totalBytes : 0, pace);
  }

  uploading(manifest: TensorManifest): void {
    this.#totalBytes = manifest.totalBytes;
    this.#sizes = new Map(manifest.shards.map(({ dataPath, nbytes }) => [dataPath, nbytes]));
    this.#report('upload', 0, ends.fetch);
  }

  /** WebLLM has read this file from the folder. */
  read(name: string): void {
    const nbytes = this.#sizes.get(name);
    if (nbytes === undefined) return;
    this.#readBytes += nbytes;
    const done = this.#readBytes / this.#totalBytes;
    this.#report('upload', this.#readBytes, ends.fetch + (ends.upload - ends.fetch) * done);
  }

  /** WebLLM has called its progress callback. */
  reported(progress: number): void {
    if (this.#sizes.size === 0 || this.#readBytes < this.#totalBytes) return;
    this.#lateReports += 1;
    if (this.#lateReports === 1) return;
    const end = ends.upload + (ends.compile - ends.upload) * Math.min(1, progress);
    // 1 is said by ready() alone.
    this.#report('compile', this.#totalBytes, Math.min(end, 0.999));
  }

  ready(): void {
    this.#report('ready', this.#totalBytes, 1);
  }

  #report(
    phase: LoadPhase,
    loadedBytes: number,
    fraction: number,
    pace: Pick<LoadProgress, 'bytesPerSecond' | 'secondsLeft'> = {},
  ): void {
    this.#fraction = Math.max(this.#fraction, fraction);
    const { bytesPerSecond, secondsLeft } = pace;
    this.#emit({
      phase,
      loadedBytes,
      totalBytes: this.#totalBytes,
      fraction: this.#fraction,
      fetchedBytes: this.#fetchedBytes,
      ...(bytesPerSecond !== undefined && { bytesPerSecond }),
      ...(secondsLeft !== undefined && { secondsLeft }),
    });
  }
}
