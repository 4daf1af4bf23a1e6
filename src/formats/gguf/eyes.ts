// What a model sees by: the second file of a pair (`mmproj-*.gguf`, architecture `clip`), which turns a picture into rows
// of the text model's width. Only llama.cpp computes it; here it is held against the text model it was chosen with, and
// how much of the context a picture takes is told before one is asked about.
import { AppError } from '../../base/errors';
import type { Eyes } from '../model-config';
import { badGguf, type GgufHeader } from './header';
import { Metadata } from './metadata';

/** The architecture that such a file names. */
const eyesArchitecture = 'clip';

/** By kind of projector, the tensor whose rows are as many as the text model is wide. Names as in llama.cpp's mtmd. */
const lastTensor: Readonly<Record<string, string>> = {
  idefics3: 'mm.model.fc.weight',
  internvl: 'mm.model.mlp.3.weight',
  mlp: 'mm.2.weight',
  mlp_norm: 'mm.3.bias',
  ldp: 'mm.model.mb_block.1.block.2.1.bias',
  ldpv2: 'mm.model.peg.0.bias',
};

/** Of a model of InternVL's kind that does not say. */
const usualMostTiles = 12;

/** Whether a file is what a model sees by, rather than a model. */
export function isEyes({ metadata }: Pick<GgufHeader, 'metadata'>): boolean {
  return metadata.get('general.architecture') === eyesArchitecture;
}

/**
 * @param hidden width of the text model.
 * @throws AppError `model/unsupported-arch` for a file that is none, of a kind that is not known, or made for another
 *   model; `model/bad-gguf` for numbers that nobody means
 */
export function eyesOf(
  { name, nbytes, header }: { readonly name: string; readonly nbytes: number; readonly header: GgufHeader },
  hidden: number,
): Eyes {
  if (!isEyes(header)) throw unfit(name, 'is not what a model sees by (mmproj, architecture "clip")');
  const metadata = new Metadata(header.metadata);
  if (metadata.flag('clip.has_vision_encoder') !== true)
    throw unfit(name, 'does not see: it has no vision encoder');
  const kind = metadata.string(
    metadata.has('clip.projector_type') ? 'clip.projector_type' : 'clip.vision.projector_type',
  );
  const last = Object.hasOwn(lastTensor, kind) ? lastTensor[kind] : undefined;
  if (last === undefined) {
    const known = Object.keys(lastTensor).join(', ');
    throw unfit(
      name,
      `sees in a way that is not known here (${JSON.stringify(kind.slice(0, 40))}; known are ${known})`,
    );
  }
  const width = header.tensors.find((tensor) => tensor.name === last)?.shape[0];
  if (width === undefined) throw badGguf(`has no tensor ${last}`, { file: name });
  if (width !== hidden)
    throw unfit(name, `was made for another model: it gives rows of ${width} numbers to one of ${hidden}`);
  checkTower(metadata);
  const imageSize = metadata.whole('clip.vision.image_size', 8, 4096);
  const patchSize = metadata.whole('clip.vision.patch_size', 1, imageSize);
  return {
    name,
    nbytes,
    kind,
    imageSize,
    patchSize,
    merge: /^ldp/.test(kind) ? 2 : metadata.wholeOr('clip.vision.projector.scale_factor', 1, 16, 1),
    longestEdge: metadata.wholeOr('clip.vision.preproc_image_size', 1, 16_384, imageSize),
    mostTiles: mostTiles(kind, metadata),
  };
}

/** What llama.cpp takes on trust: it divides by some of these, and reads three numbers whatever a list has. */
function checkTower(metadata: Metadata): void {
  for (const key of ['embedding_length', 'feed_forward_length', 'block_count', 'attention.head_count'])
    metadata.whole(`clip.vision.${key}`, 1, 65_536);
  for (const key of ['clip.vision.image_mean', 'clip.vision.image_std'])
    if (metadata.numbers(key).length !== 3) throw badGguf(`should have three numbers under ${key}`, { key });
}

function mostTiles(kind: string, metadata: Metadata): number {
  if (kind === 'internvl')
    return metadata.wholeOr('clip.vision.preproc_max_tiles', 1, 1024, usualMostTiles) + 1;
  // LLaVA 1.6 looks at up to four parts of a picture, and at all of it.
  return metadata.has('clip.vision.image_grid_pinpoints') ? 5 : 1;
}

/** Rows and tags around a tile, and around the whole picture beside its tiles. */
const tagsPerTile = 16;

/**
 * Positions that a picture takes of the context, at most. llama.cpp counts them when it has cut the picture up.
 * @param width and `height` of the picture in pixels
 */
export function pictureTokens(eyes: Eyes, width: number, height: number): number {
  const { imageSize, patchSize, merge, longestEdge } = eyes;
  const side = Math.ceil(Math.floor(imageSize / patchSize) / merge);
  return tilesOf(eyes, width, height) * (side * side + tagsPerTile) + 2 * Math.ceil(longestEdge / imageSize);
}

function tilesOf({ kind, imageSize, longestEdge, mostTiles }: Eyes, width: number, height: number): number {
  if (kind !== 'idefics3') return mostTiles;
  // Stretched until its longer side has that length, then cut into squares, and all of it once more.
  const scale = longestEdge / Math.max(width, height);
  const along = (pixels: number): number => Math.max(1, Math.ceil((pixels * scale) / imageSize));
  return along(width) * along(height) + 1;
}

function unfit(file: string, why: string): AppError {
  return new AppError(
    'model/unsupported-arch',
    `${file} ${why}. Choose the mmproj file that was made for this model, or the model alone, which then reads text only.`,
    { details: { file } },
  );
}
